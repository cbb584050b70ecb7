package dev.objectlock;

/** The clients that are connected to this process. Thread-safe. */
public interface ClientSessions {

    /**
     * Begins the session of a new client. Its name and its secret are made up here, never taken from a request.
     *
     * @param user the user, as {@link LockOwner#user} or {@link LockOwner#application} gives it
     * @param policy what becomes of its kept holds when the connection is lost
     * @return the session
     * @throws LockAuthenticationException if the owner has no user
     */
    ClientSession open(LockOwner user, SessionPolicy policy);

    /**
     * Begins the session of a new client, with the policy that was given to {@link ObjectLocksBuilder#sessionPolicy}.
     *
     * @param user the user, as {@link LockOwner#user} or {@link LockOwner#application} gives it
     * @return the session
     * @throws LockAuthenticationException if the owner has no user
     */
    ClientSession open(LockOwner user);

    /**
     * Begins the session of a new client of a user; see {@link #open(LockOwner)}.
     *
     * @param user the authenticated name
     * @return the session
     */
    default ClientSession open(String user) {
        return open(LockOwner.user(user));
    }

    /**
     * Begins the session of a new client of a user; see {@link #open(LockOwner, SessionPolicy)}.
     *
     * @param user the authenticated name
     * @param policy what becomes of its kept holds when the connection is lost
     * @return the session
     */
    default ClientSession open(String user, SessionPolicy policy) {
        return open(LockOwner.user(user), policy);
    }

    /**
     * Brings a client back, after its connection was lost, or from another process. Where it was connected before, that
     * session is over, and closing it does nothing.
     *
     * @param id the secret of its session: {@link ClientSession#id}
     * @return the session of the same user and client, with the same policy
     * @throws LockAuthenticationException if there is no such client, or it has ended
     */
    ClientSession resume(String id);

    /**
     * Throws a user out: ends all clients, in whatever process, and all kept holds of the user. Running calls keep their
     * locks to their end.
     *
     * @param user the user's name; for the application as {@link LockOwner#application} makes it
     * @param reason what the user is told
     * @return how many kept holds were taken away
     * @throws LockAuthenticationException if there is no user on this thread
     * @throws LockPrivilegeException if the user on this thread lacks {@code objectlockoverride}
     */
    int end(String user, String reason);
}
