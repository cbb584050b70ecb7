package dev.objectlock;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One granted acquisition: the handle of whoever took it.
 *
 * <p>Closing it gives it back, once; a second close, or one after the hold was lost, changes nothing and frees nobody
 * else's hold. Thread-safe.
 */
public interface Hold extends AutoCloseable {

    /**
     * Returns the hold of the innermost woven call, or {@code ObjectLocks.call}, on this thread.
     *
     * @return its hold
     * @throws LockNotHeldException if no call with a lock is running on this thread
     */
    static Hold current() {
        return find().orElseThrow(() -> new LockNotHeldException(
                "no call with a lock is running on this thread, so there is no current hold; Hold.current() belongs"
                        + " into the body of an @ObjectLock method or of ObjectLocks.call"));
    }

    /**
     * Returns the hold of the innermost woven call, or {@code ObjectLocks.call}, on this thread.
     *
     * @return empty if no call with a lock is running on this thread
     */
    static Optional<Hold> find() {
        return OwnerContext.bound().flatMap(OwnerContext::currentHold);
    }

    /**
     * Returns the name of the hold, as events and errors show it; not a secret.
     *
     * @return the id
     */
    String id();

    /**
     * Returns the objects it is on, in the order they were asked for.
     *
     * @return at least one path; where they are now, if they have been moved
     */
    List<LockPath> paths();

    /**
     * Returns the fencing token of the first object: it grows with every grant under one root and never goes back. Hand it
     * to the resource, which refuses what comes with a smaller one.
     *
     * @return the token
     */
    long fence();

    /**
     * Returns the fencing token that counts for one of its objects: a hold on objects under several roots has one for each
     * root.
     *
     * @param path one of {@link #paths}, or an object below
     * @return the token
     * @throws LockConfigurationException if no object of this hold has the root of the path
     */
    long fence(LockPath path);

    /**
     * Returns a secret with which any session can renew or end this hold: {@link ObjectLocks#attach}. Only a kept hold on
     * one object has one.
     *
     * @return the token, the same each time
     * @throws LockConfigurationException if the hold is scoped, or on several objects
     * @throws LockNotHeldException if it was given back
     * @throws LockLostException if it was lost
     */
    String token();

    /**
     * Returns when it was granted.
     *
     * @return the moment
     */
    Instant since();

    /**
     * Returns how long until it ends if nobody uses it.
     *
     * @return empty if nothing but its release or session ends it; zero if it has ended
     */
    Optional<Duration> timeLeft();

    /**
     * Returns whether it has neither been given back nor lost.
     *
     * @return as far as this process knows
     */
    boolean isHeld();

    /**
     * Makes sure, with the store, that the hold will last: renews its lease if it has one. Call it before a step that
     * cannot be undone.
     *
     * @param duration how long it must last from now
     * @throws LockLostException if it is lost, or cannot be made to last that long
     * @throws LockNotHeldException if it was given back
     */
    void ensure(Duration duration);

    /**
     * Has somebody told when the hold is lost, also if that has happened already. Called once, on a thread of the
     * engine's own; never for a hold that was given back.
     *
     * @param listener told the reason; what it throws is logged
     */
    void onLost(Consumer<Loss> listener);

    /**
     * Gives the hold back.
     *
     * @return {@code RELEASED} the first time; {@code LOST} if it had been lost; {@code NOT_HELD} afterwards
     */
    Released release();

    /** Gives the hold back, if that has not been done; never throws for what it finds. */
    @Override
    default void close() {
        release();
    }
}
