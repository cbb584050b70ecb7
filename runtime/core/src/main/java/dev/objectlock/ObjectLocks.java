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
     * Undoes {@link #install}: woven calls that are bound to no engine no longer use this one, which stays open.
     *
     * @param application the engine; nothing happens if it is not installed
     */
    static void uninstall(ObjectLocks application) {
        ObjectLocksBuilder.uninstall(application);
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
     * @throws LockDeadlockException if whoever is in the way waits, perhaps over others, for the caller's flow
     * @throws LockNotHeldException if the object is removed while it waits
     * @throws LockAuthenticationException if the mode needs a user and there is none
     * @throws LockPrivilegeException if the user may not take such locks
     * @throws LockConfigurationException if a counting lock there has another number of slots
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
     * Takes away one hold, also that of a running call, announces it, and tells its owner.
     *
     * @param under an object of the tree in which it is
     * @param holdId the id of the hold, as {@link HoldInfo#id} gives it
     * @param reason what the owner is told
     * @return whether it was there
     * @throws LockAuthenticationException if there is no user
     * @throws LockPrivilegeException if the user lacks {@code objectlockoverride}
     */
    boolean forceRelease(LockPath under, String holdId, String reason);

    /**
     * Returns a handle of a kept hold, whoever's, by its secret: to renew or to end it.
     *
     * @param token what {@link Hold#token} gave
     * @return the hold
     * @throws LockNotHeldException if it has ended, or there is no such token
     */
    Hold attach(String token);

    /**
     * Changes what the caller's kept holds on exactly this object cover. Wider is judged like a new request that does not
     * wait, and gives a new fence; narrower is always granted and lets others in.
     *
     * @param path the object
     * @param scope {@code TREE} or {@code OBJECT}
     * @throws LockNotHeldException if the caller keeps no USER or CLIENT hold there
     * @throws LockBusyException if somebody is in the way below
     * @throws LockConfigurationException for {@code BY_MODE}, or a TREE for a hold that is narrowed to an extent
     */
    void changeScope(LockPath path, dev.objectlock.annotation.LockScope scope);

    /**
     * Gives an object, and all below it, a new path. All holds there, whoever's, move along with id and fence, and all
     * requests that wait there wait on under the new name. A TREE hold above the old path does not follow.
     *
     * @param from the object; not a root
     * @param to its new path, under the same root, and not below the old one
     * @throws LockNotHeldException if no EXCLUSIVE hold of the caller covers the object
     * @throws LockBusyException if a hold that would move, or a USER TREE request of the caller, would be in conflict at the
     *     new path; nothing has moved then
     * @throws LockConfigurationException if the paths do not go together
     */
    void move(LockPath from, LockPath to);

    /**
     * Says that an object, and all below it, is gone: ends all holds there, whoever's, and refuses all who wait there.
     * Other owners learn it as a loss. This asks for no lock by itself: lock the method that removes the object.
     *
     * @param path the object
     * @return how many kept holds have ended with it
     */
    int remove(LockPath path);

    /**
     * Tells somebody what is kept on an object, below it and, as a tree, above it: now, and from then on each change, in
     * the order of the tree and without a gap. Calls are quiet, unless they lose their hold.
     *
     * @param under the object
     * @param watcher who is told, on a thread of its own
     * @return to end it; the engine ends it too when it is closed
     */
    Subscription watch(LockPath under, LockWatcher watcher);

    /**
     * Returns the transactions with undo.
     *
     * @return what begins and undoes them, for the owner and flow of whoever calls it
     */
    LockTransactions transactions();

    /**
     * Returns the same door for work that must not hold a thread while it waits.
     *
     * @return the asynchronous door, for the owner and flow of whoever calls it
     */
    AsyncObjectLocks async();

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
     * Returns the name of the backend, for logs and monitoring.
     *
     * @return for instance {@code memory}
     */
    String backendName();

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
