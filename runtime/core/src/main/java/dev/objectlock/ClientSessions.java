package dev.objectlock;

/** The clients that are connected to this process. Thread-safe. */
public interface ClientSessions {

    /**
     * Begins the session of a new client. Its name is made up here, never taken from a request.
     *
     * @param user the user, as {@link LockOwner#user} or {@link LockOwner#application} gives it
     * @return the session
     * @throws LockAuthenticationException if the owner has no user
     */
    ClientSession open(LockOwner user);

    /**
     * Begins the session of a new client of a user.
     *
     * @param user the authenticated name
     * @return the session
     */
    default ClientSession open(String user) {
        return open(LockOwner.user(user));
    }
}
