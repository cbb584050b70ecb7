package dev.objectlock.engine;

import dev.objectlock.LockOwner;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One execution of one owner, and the scoped holds it has. Thread-safe: a hold may end on another thread, when the stage
 * that carries it completes.
 *
 * <p>The holds are a stack. One that ends out of turn is taken out by whoever next walks over it.
 */
public final class Flow extends AtomicReference<@Nullable ScopedHold> {

    private static final long serialVersionUID = 1L;

    private final transient LockOwner owner;
    private final transient Ask.Series series;

    /**
     * Creates a flow.
     *
     * @param owner its owner, with the name of the flow
     * @param series a name for its requests that no other flow has: a named flow may be begun in several processes
     */
    Flow(LockOwner owner, String series) {
        super(null);
        this.owner = owner;
        this.series = new Ask.Series(series);
    }

    LockOwner owner() {
        return owner;
    }

    Ask.Series series() {
        return series;
    }

    /** Whether the flow is inside something, so that somebody in the line may be waiting for it. */
    boolean hasScopedHold() {
        return ongoing(get()) != null;
    }

    /** Puts a hold on top of those that go on; whatever ended on top is forgotten with that. */
    void push(ScopedHold hold) {
        ScopedHold top;
        do {
            top = get();
            hold.setBelow(ongoing(top));
        } while (!compareAndSet(top, hold));
    }

    /** The first from here on that goes on. What has ended never comes back. */
    private static @Nullable ScopedHold ongoing(@Nullable ScopedHold from) {
        ScopedHold hold = from;
        while (hold != null && !hold.isOngoing()) {
            hold = hold.below();
        }
        return hold;
    }

    private @Nullable ScopedHold first() {
        return ongoing(get());
    }

    private static @Nullable ScopedHold next(ScopedHold hold) {
        ScopedHold below = hold.below();
        ScopedHold next = ongoing(below);
        if (next != below) {
            hold.setBelow(next);
        }
        return next;
    }

    /** Forgets holds that have ended, if there is more than the one that the next one will replace. */
    void clearEnded() {
        ScopedHold top = get();
        if (top != null && top.below() != null) {
            for (ScopedHold hold = first(); hold != null; hold = next(hold)) {
                if (hold.below() == null) {
                    return;
                }
            }
        }
    }

    /** Finds a hold that a request may join, and joins it; null if there is none. */
    @Nullable
    ScopedHold join(List<Claim> claims) {
        for (ScopedHold hold = first(); hold != null; hold = next(hold)) {
            if (hold.canBeJoinedBy(claims) && hold.join()) {
                return hold;
            }
        }
        return null;
    }

    /** Whether a request would join one of the holds. */
    boolean canJoin(List<Claim> claims) {
        for (ScopedHold hold = first(); hold != null; hold = next(hold)) {
            if (hold.canBeJoinedBy(claims)) {
                return true;
            }
        }
        return false;
    }

    /** Visits the holds that go on, the innermost first. */
    void forEachHold(Consumer<ScopedHold> visitor) {
        for (ScopedHold hold = first(); hold != null; hold = next(hold)) {
            visitor.accept(hold);
        }
    }

    /** Whether one of the holds covers what a guard asks for. */
    boolean covers(Claim claim) {
        for (ScopedHold hold = first(); hold != null; hold = next(hold)) {
            if (hold.isOngoing() && hold.covers(claim)) {
                return true;
            }
        }
        return false;
    }
}
