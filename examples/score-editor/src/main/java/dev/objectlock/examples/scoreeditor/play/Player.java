package dev.objectlock.examples.scoreeditor.play;

import dev.objectlock.LockOwner;
import dev.objectlock.ObjectLocks;
import dev.objectlock.examples.scoreeditor.edit.PartEditor;
import dev.objectlock.examples.scoreeditor.score.Part;
import dev.objectlock.examples.scoreeditor.score.Score;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Reads a score over and over, bar by bar, as a machine does that plays it, whoever edits it meanwhile. */
public final class Player implements AutoCloseable {

    private static final long PAUSE_NANOS = 100_000;

    private final PartEditor editor;
    private final Score score;
    private final Thread thread;
    private volatile boolean closed;
    private final AtomicLong barsRead = new AtomicLong();
    private volatile @Nullable RuntimeException failure;

    public Player(ObjectLocks locks, PartEditor editor, Score score) {
        this.editor = editor;
        this.score = score;
        this.thread = new Thread(() -> locks.runAs(LockOwner.user("player"), this::play), "player");
        thread.setDaemon(true);
        thread.start();
    }

    private void play() {
        try {
            while (!closed) {
                for (long bar = 1; bar <= Math.max(1, score.lastBar()) && !closed; bar++) {
                    read(bar);
                }
            }
        } catch (RuntimeException failed) {
            failure = failed;
        }
    }

    private void read(long bar) {
        for (Part part : score.parts()) {
            editor.look(score.name(), part.name(), bar);
        }
        barsRead.incrementAndGet();
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    /** Waits until it has read so many more bars. */
    void awaitBars(int count) {
        long enough = barsRead.get() + count;
        long latest = System.nanoTime() + Task.PATIENCE.toNanos();
        while (barsRead.get() < enough) {
            if (failure != null) {
                throw failure;
            }
            if (System.nanoTime() - latest > 0) {
                throw new IllegalStateException("the player stands still: " + count + " bars took longer than "
                        + Task.PATIENCE.toSeconds() + " s");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
