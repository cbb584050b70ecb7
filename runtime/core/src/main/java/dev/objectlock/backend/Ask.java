package dev.objectlock.backend;

import dev.objectlock.LockOwner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request of one flow for one or several claims under one root: granted together or not at all.
 *
 * <p>Its identity is the owner's flow with {@link #number}, chosen by the caller, so that asking again after a lost
 * reply is harmless. Immutable but for {@link #attachment}. The engine extends it with what it knows of the grant.
 */
public class Ask {

    /** For what a request takes a place in the line. */
    public enum Patience {
        /** Nothing: refused at once. */
        NONE,
        /** What ends soon, i.e. scoped holds and waiters; refused as soon as a kept hold is in the way. */
        FOR_CALLS,
        /** Whatever is in the way. */
        FOR_ANYTHING
    }

    private final LockOwner owner;
    private final long number;
    private final List<Claim> claims;
    private final Patience patience;
    private final boolean passesWaiters;
    private final long askedAt;

    /** For the backend's own use: what it wants to find again when the request comes back. */
    private @Nullable Object attachment;

    /**
     * Creates a request.
     *
     * @param owner who asks; client and flow are set
     * @param number the number of the request in its flow
     * @param claims what is asked for, all under one root
     * @param patience for what it waits
     * @param passesWaiters whether it does not stand behind waiters, because its flow has a scoped hold that one of them
     *     may be waiting for
     * @param askedAt the time of the process, {@code nanoTime}, before the request was sent
     */
    public Ask(
            LockOwner owner, long number, List<Claim> claims, Patience patience, boolean passesWaiters, long askedAt) {
        this.owner = owner;
        this.number = number;
        this.claims = claims;
        this.patience = patience;
        this.passesWaiters = passesWaiters;
        this.askedAt = askedAt;
    }

    /**
     * Returns who asks.
     *
     * @return the owner, with client and flow
     */
    public final LockOwner owner() {
        return owner;
    }

    /**
     * Returns the number of the request in its flow.
     *
     * @return the number
     */
    public final long number() {
        return number;
    }

    /**
     * Returns what is asked for.
     *
     * @return at least one claim
     */
    public final List<Claim> claims() {
        return claims;
    }

    /**
     * Returns for what it waits.
     *
     * @return the patience
     */
    public final Patience patience() {
        return patience;
    }

    /**
     * Returns whether it does not stand behind waiters.
     *
     * @return true if its flow has a scoped hold
     */
    public final boolean passesWaiters() {
        return passesWaiters;
    }

    /**
     * Returns when it was asked.
     *
     * @return the time of the process, {@code nanoTime}, before the request was sent
     */
    public final long askedAt() {
        return askedAt;
    }

    /**
     * Returns the name of the tree.
     *
     * @return the first segment of all paths
     */
    public final String rootName() {
        return claims.get(0).path().rootName();
    }

    /**
     * Returns what the backend attached.
     *
     * @return null if nothing
     */
    public final @Nullable Object attachment() {
        return attachment;
    }

    /**
     * Attaches something, for the backend.
     *
     * @param value what to find again
     */
    public final void attach(@Nullable Object value) {
        attachment = value;
    }

    /**
     * Names the hold that the grant of one of the claims makes.
     *
     * @param owner who asked
     * @param number the number of the request in its flow
     * @param part the index of the claim
     * @return the id
     */
    public static String holdId(LockOwner owner, long number, int part) {
        return owner.flow() + "." + number + (part == 0 ? "" : "." + part);
    }
}
