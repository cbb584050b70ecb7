package dev.objectlock;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The door: takes locks, gives them back and answers questions. One for each backend.
 *
 * <p>Whoever calls is the owner in the {@link OwnerContext}. Thread-safe. It may be called from virtual threads.
 *
 * <pre>{@code
 * try (ObjectLocks locks = ObjectLocks.builder().build()) {
 *     locks.callAs(LockOwner.user("alice"), () ->
 *         locks.call(LockRequest.user(LockPath.of("cell:7", "robot")), () -> robot.move()));
 * }
 * }</pre>
 */
public interface ObjectLocks extends AutoCloseable {

    /**
     * Begins a new engine; without further settings it keeps its locks in memory.
     *
     * @return the builder
     */
    static ObjectLocksBuilder builder() {
        return new ObjectLocksBuilder();
    }

    /**
     * Makes an engine the one that woven calls use where no other is bound. {@link #close} removes it.
     *
     * @param application the engine
     * @throws LockConfigurationException if woven calls have been given locks by the engine of their own that is made
     *     without any installation
     */
    static void install(ObjectLocks application) {
        ObjectLocksBuilder.install(application);
    }

    /**
     * Takes a lock.
     *
     * <p>If nothing conflicts with it, it is granted at once; so it is if the caller's flow holds enough already (the
     * hold is then joined) or if the same kept hold is taken again (it is then renewed). Else it waits, as long as the
     * request says, first come, first served among requests that conflict. The wait ends with the grant, the time-out,
     * an interruption or the end of the caller's session.
     *
     * @param request what is asked for
     * @return the hold, to be closed
     * @throws LockBusyException if somebody is in the way and it does not wait, or no longer
     * @throws LockInterruptedException if the thread is interrupted while it waits
     * @throws LockAuthenticationException if the mode needs a user and there is none
     * @throws LockPrivilegeException if the user may not take such locks
     */
    Hold acquire(LockRequest request);

    /**
     * Takes a lock if it is granted; waits only if the request says so with {@code waitFor}.
     *
     * @param request what is asked for
     * @return the hold, or who is in the way; never null
     * @throws LockInterruptedException if the thread is interrupted while it waits
     * @throws LockAuthenticationException if the mode needs a user and there is none
     * @throws LockPrivilegeException if the user may not take such locks
     */
    Attempt tryAcquire(LockRequest request);

    /**
     * Runs work with a lock. A kept lock stays afterwards, unless the body throws and this call took it.
     *
     * @param request what is asked for
     * @param body the work
     * @param <T> what it returns
     * @param <X> what it throws
     * @return what the body returns
     * @throws X what the body throws
     * @throws LockLostException if the body returned, but the hold had been lost
     */
    <T extends @Nullable Object, X extends Exception> T call(LockRequest request, Body<T, X> body) throws X;

    /**
     * Runs work with a lock; see {@link #call}.
     *
     * @param request what is asked for
     * @param body the work
     * @param <X> what it throws
     * @throws X what the body throws
     */
    default <X extends Exception> void run(LockRequest request, Body.Action<X> body) throws X {
        call(request, Body.of(body));
    }

    /**
     * Runs work for an owner with this engine. Entered from outside it begins a new flow; inside work of the same user
     * and client it continues that flow.
     *
     * @param owner the user and client; without a client it is the process
     * @param body the work
     * @param <T> what it returns
     * @param <X> what it throws
     * @return what the body returns
     * @throws X what the body throws
     */
    <T extends @Nullable Object, X extends Exception> T callAs(LockOwner owner, Body<T, X> body) throws X;

    /**
     * Runs work for an owner; see {@link #callAs}.
     *
     * @param owner the user and client
     * @param body the work
     * @param <X> what it throws
     * @throws X what the body throws
     */
    default <X extends Exception> void runAs(LockOwner owner, Body.Action<X> body) throws X {
        callAs(owner, Body.of(body));
    }

    /**
     * Ends the caller's kept holds on exactly this object, whatever their mode. Running calls keep theirs.
     *
     * @param path the object
     * @return what was found; never an error
     */
    Released release(LockPath path);

    /**
     * Ends the caller's kept hold of one mode on exactly this object.
     *
     * @param path the object
     * @param mode the mode
     * @return what was found; never an error
     */
    Released release(LockPath path, dev.objectlock.annotation.LockMode mode);

    /**
     * Takes away everybody's kept holds on exactly this object, announces it, and tells their owners.
     *
     * @param path the object
     * @param reason what they are told
     * @return how many holds were taken away; zero is not an error
     * @throws LockAuthenticationException if there is no user
     * @throws LockPrivilegeException if the user lacks {@code objectlockoverride}
     */
    int forceRelease(LockPath path, String reason);

    /**
     * Checks that the caller's own locks cover the object, EXCLUSIVE, and that nobody else is in the way.
     *
     * @param path the object
     * @throws LockNotHeldException if the caller has no such lock
     * @throws LockBusyException if somebody else's lock is in the way
     * @throws LockLostException if the caller had one and lost it
     */
    void requireHeld(LockPath path);

    /**
     * Answers whether a request would be granted now, and changes nothing.
     *
     * @param request what would be asked for
     * @return empty if it would be granted; else who is in the way
     */
    Optional<Refused> check(LockRequest request);

    /**
     * Returns what covers an object, and who waits for it.
     *
     * @param path the object
     * @return the state at this moment
     */
    LockStatus status(LockPath path);

    /**
     * Returns all holds on an object and below it.
     *
     * @param under the object
     * @return the holds at this moment, in the order of their paths
     */
    List<HoldInfo> list(LockPath under);

    /**
     * Returns the roots of all trees in which something is held or waited for.
     *
     * @return the roots at this moment, in the order of their names
     */
    List<LockPath> roots();

    /**
     * Returns the path of an instance of a {@link dev.objectlock.annotation.Lockable} class.
     *
     * @param lockable the instance
     * @return its path
     * @throws LockConfigurationException if its class is not {@code @Lockable}, or a property has no usable value
     */
    LockPath pathOf(Object lockable);

    /**
     * Returns the clients of this process.
     *
     * @return the sessions
     */
    ClientSessions sessions();

    /**
     * Returns whether {@link #close} has been called.
     *
     * @return true afterwards
     */
    boolean isClosed();

    /**
     * Ends all holds of this process, refuses what waits, and ends the backend if it was made by the builder.
     */
    @Override
    void close();
}
