package dev.objectlock.engine;

import dev.objectlock.LockOwner;
import dev.objectlock.backend.Claim;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One execution of one owner, and the scoped holds it has. Thread-safe: a hold may end on another thread, when the stage
 * that carries it completes.
 *
 * <p>The holds are a stack. One that ends out of turn stays in it, marked as ended, until those above it have gone.
 */
public final class Flow extends AtomicReference<@Nullable ScopedHold> {

    private static final long serialVersionUID = 1L;

    private final transient LockOwner owner;
    private final AtomicLong requests = new AtomicLong();

    Flow(LockOwner owner) {
        super(null);
        this.owner = owner;
    }

    LockOwner owner() {
        return owner;
    }

    long nextRequest() {
        return requests.incrementAndGet();
    }

    /** Whether the flow is inside something, so that somebody in the line may be waiting for it. */
    boolean hasScopedHold() {
        for (ScopedHold hold = get(); hold != null; hold = hold.below()) {
            if (hold.isOngoing()) {
                return true;
            }
        }
        return false;
    }

    void push(ScopedHold hold) {
        ScopedHold top;
        do {
            top = get();
            hold.setBelow(top);
        } while (!compareAndSet(top, hold));
    }

    void clearEnded() {
        ScopedHold top = get();
        while (top != null && !top.isOngoing() && compareAndSet(top, top.below())) {
            top = get();
        }
    }

    /** Finds a hold that the claim may join, and joins it; null if there is none. */
    @Nullable
    ScopedHold join(Claim claim) {
        for (ScopedHold hold = get(); hold != null; hold = hold.below()) {
            if (hold.canBeJoinedBy(claim) && hold.join()) {
                return hold;
            }
        }
        return null;
    }

    /** Whether a claim would join one of the holds. */
    boolean canJoin(Claim claim) {
        for (ScopedHold hold = get(); hold != null; hold = hold.below()) {
            if (hold.isOngoing() && !claim.terms().kept() && hold.canBeJoinedBy(claim)) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of the holds covers what a guard asks for. */
    boolean covers(Claim claim) {
        for (ScopedHold hold = get(); hold != null; hold = hold.below()) {
            if (hold.isOngoing() && hold.covers(claim)) {
                return true;
            }
        }
        return false;
    }
}
