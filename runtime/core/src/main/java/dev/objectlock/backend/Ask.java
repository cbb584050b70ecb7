package dev.objectlock.backend;

import dev.objectlock.LockOwner;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A request of one flow for one or several claims under one root: granted together or not at all.
 *
 * <p>Its identity is {@link #series} with {@link #number}, chosen by the caller, so that asking again after a lost reply is
 * harmless. The backend notes in it what becomes of it; the engine extends it with what it knows of the grant.
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

    private static final VarHandle NUMBER;

    static {
        try {
            NUMBER = MethodHandles.lookup().findVarHandle(Ask.class, "number", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** Names the requests of one flow. Thread-safe. */
    public static final class Series {

        private final String name;
        private final AtomicLong next = new AtomicLong();

        /**
         * Begins a series.
         *
         * @param name a name that no other flow uses for its requests, in whatever process
         */
        public Series(String name) {
            this.name = name;
        }
    }

    private final LockOwner owner;
    private final Series series;
    private final Patience patience;
    private final boolean passesWaiters;
    private final boolean transaction;
    private final long askedAt;

    /** Where a claim is may change while it waits or is held. */
    private volatile List<Claim> claims;

    /** Given when somebody asks for it: most requests are granted, and their holds given back, without. */
    @SuppressWarnings("unused")
    private volatile long number;

    private long fence;
    private long grantedAt;
    private long ownSince;

    /** For the backend's own use: what it wants to find again when the request comes back. */
    private @Nullable Object attachment;

    /**
     * Creates a request.
     *
     * @param owner who asks; client and flow are set
     * @param series names the requests of its flow
     * @param claims what is asked for, all under one root
     * @param patience for what it waits
     * @param passesWaiters whether it does not stand behind waiters, because its flow has a scoped hold that one of them
     *     may be waiting for
     * @param askedAt the time of the process, {@code nanoTime}, before the request was sent
     */
    public Ask(
            LockOwner owner,
            Series series,
            List<Claim> claims,
            Patience patience,
            boolean passesWaiters,
            long askedAt) {
        this(owner, series, claims, patience, passesWaiters, false, askedAt);
    }

    /**
     * Creates a request, perhaps of a transaction.
     *
     * @param owner who asks; client and flow are set
     * @param series names the requests of its flow
     * @param claims what is asked for, all under one root
     * @param patience for what it waits
     * @param passesWaiters whether it does not stand behind waiters
     * @param transaction whether a transaction asks, whose process keeps the history of the root
     * @param askedAt the time of the process, {@code nanoTime}, before the request was sent
     */
    protected Ask(
            LockOwner owner,
            Series series,
            List<Claim> claims,
            Patience patience,
            boolean passesWaiters,
            boolean transaction,
            long askedAt) {
        this.owner = owner;
        this.series = series;
        this.claims = claims;
        this.patience = patience;
        this.passesWaiters = passesWaiters;
        this.transaction = transaction;
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
     * Returns the series of its number.
     *
     * @return a name that no other flow uses
     */
    public final String series() {
        return series.name;
    }

    /**
     * Returns the number of the request in its series.
     *
     * @return the number
     */
    public final long number() {
        long known = number;
        if (known == 0) {
            long fresh = series.next.incrementAndGet();
            known = NUMBER.compareAndSet(this, 0L, fresh) ? fresh : number;
        }
        return known;
    }

    /**
     * Returns what is asked for, or held.
     *
     * @return at least one claim; where the objects are now, if they have been moved
     */
    public final List<Claim> claims() {
        return claims;
    }

    /**
     * Notes that objects have been moved. For the backend.
     *
     * @param now the same claims in the same order, where they are now
     */
    public final void moved(List<Claim> now) {
        claims = now;
    }

    /**
     * Notes the grant. For the backend, before it answers.
     *
     * @param token the fence
     * @param nanoTime when, by the time of this process
     */
    public final void granted(long token, long nanoTime) {
        fence = token;
        grantedAt = nanoTime;
    }

    /**
     * Returns the fence of the grant.
     *
     * @return the token; 0 before the grant
     */
    public final long fence() {
        return fence;
    }

    /**
     * Returns when it was granted.
     *
     * @return the time of the process, {@code nanoTime}
     */
    public final long grantedAt() {
        return grantedAt;
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
     * Returns whether a transaction asks. The store knows for each root which process was the last to be granted one, until
     * that {@linkplain JoinedProcess#forgetHistory has no history} of the root any more, or has ended.
     *
     * @return false for a lock
     */
    public final boolean isTransaction() {
        return transaction;
    }

    /**
     * Notes with the grant of a transaction since when the history is that of its process alone. For the backend, before it
     * answers.
     *
     * @param ownSince the fence of the first transaction under the root after which, as far as the store knows, all were of the
     *     process of this one; this one's own, if the last was of another process or is not known
     */
    public final void ownSince(long ownSince) {
        this.ownSince = ownSince;
    }

    /**
     * Returns since when the history of the root is that of this process alone.
     *
     * @return a fence: what this process knows of earlier transactions under the root is no longer true
     */
    public final long ownSince() {
        return ownSince;
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
     * @param part the index of the claim
     * @return the id
     */
    public final String holdId(int part) {
        return holdId(series(), number(), part);
    }

    /**
     * Names a hold.
     *
     * @param series the series of its request
     * @param number the number of its request
     * @param part the index of its claim in the request
     * @return the id
     */
    public static String holdId(String series, long number, int part) {
        return series + "." + number + (part == 0 ? "" : "." + part);
    }
}
