package dev.objectlock.engine;

import dev.objectlock.LockOwner;
import dev.objectlock.backend.Claim;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
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
    private final String series;
    private final AtomicLong requests = new AtomicLong();

    /**
     * Creates a flow.
     *
     * @param owner its owner, with the name of the flow
     * @param series a name for its requests that no other flow has: a named flow may be begun in several processes
     */
    Flow(LockOwner owner, String series) {
        super(null);
        this.owner = owner;
        this.series = series;
    }

    LockOwner owner() {
        return owner;
    }

    String series() {
        return series;
    }

    long nextRequest() {
        return requests.incrementAndGet();
    }

    /** Whether the flow is inside something, so that somebody in the line may be waiting for it. */
    boolean hasScopedHold() {
        return first() != null;
    }

    void push(ScopedHold hold) {
        ScopedHold top;
        do {
            top = get();
            hold.setBelow(top);
        } while (!compareAndSet(top, hold));
    }

    /** The newest hold that goes on. Those that have ended are taken out on the way: they never come back. */
    private @Nullable ScopedHold first() {
        ScopedHold top = get();
        while (top != null && !top.isOngoing()) {
            compareAndSet(top, top.below());
            top = get();
        }
        return top;
    }

    private static @Nullable ScopedHold next(ScopedHold hold) {
        ScopedHold below = hold.below();
        if (below != null && !below.isOngoing()) {
            while (below != null && !below.isOngoing()) {
                below = below.below();
            }
            hold.setBelow(below);
        }
        return below;
    }

    void clearEnded() {
        for (ScopedHold hold = first(); hold != null; hold = next(hold)) {
            if (hold.below() == null) {
                return;
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
