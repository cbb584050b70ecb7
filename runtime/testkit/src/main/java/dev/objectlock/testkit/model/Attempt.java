package dev.objectlock.testkit.model;

import dev.objectlock.LockPath;
import dev.objectlock.UndoStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A transaction, an undo or a redo, as whoever asked for it knows it: what may become of it, and what must not. */
final class Attempt {

    private static final ThreadLocal<@Nullable Attempt> CURRENT = new ThreadLocal<>();

    final Player player;
    final int number;
    final LockPath root;

    /** Whether it is one call from its beginning to its end, and so never idle. */
    final boolean oneCall;

    final Random random;

    /** How many calls of it are surely in progress. */
    final AtomicInteger calls = new AtomicInteger();

    /** Its id, or 0 as long as it is not known. */
    volatile long id;

    /** A time at which, or after which, its last call was over. */
    volatile Instant lastCall;

    /** Somebody with the override may have come in between, or is just about to. */
    volatile boolean mayBeOverridden;

    /** Somebody with the override has taken something of it away. */
    volatile boolean overridden;

    /** Whoever ended it knew that something had been taken away: it must be neither recorded nor restored. */
    volatile boolean mustNotTouch;

    /** A part of it has failed: it must not be recorded. */
    volatile boolean failedInside;

    /** All it captured; with the lock of {@link Rows}, as what follows. */
    final List<Captured> captured = new ArrayList<>();

    /** Where what is being captured at the moment begins. */
    int taking;

    boolean recorded;

    /** How often the step that it wanted to undo or redo was not the next one any more. */
    int refused;

    /** The step that it undoes or redoes, once it has begun to. */
    @Nullable
    UndoStep step;

    Attempt(Player player, int number, LockPath root, boolean oneCall, long seed, Instant now) {
        this.player = player;
        this.number = number;
        this.root = root;
        this.oneCall = oneCall;
        this.random = new Random(seed);
        this.lastCall = now;
    }

    /** For whom this thread is about to capture; null for nobody. */
    static @Nullable Attempt current() {
        return CURRENT.get();
    }

    /** What this thread captures meanwhile is for this one. */
    <T extends @Nullable Object> T capturing(Supplier<T> work) {
        Attempt before = CURRENT.get();
        CURRENT.set(this);
        try {
            return work.get();
        } finally {
            CURRENT.set(before);
        }
    }

    /** What it has captured and neither recorded nor restored nor given up. */
    List<Captured> inside() {
        return captured.stream()
                .filter(one -> one.status == Captured.Status.INSIDE)
                .toList();
    }

    /** What it has captured of a position, and is inside with. */
    @Nullable
    Captured insideAt(LockPath path, int position) {
        return inside().stream()
                .filter(one -> one.has(path, position))
                .findFirst()
                .orElse(null);
    }

    boolean isSwapping(UndoStep other) {
        return step != null && Stacks.isSame(step, other);
    }

    @Override
    public String toString() {
        return player.name() + "#" + number;
    }
}
