package dev.objectlock;

/**
 * The life of one client of one user: an HTTP session, a WebSocket, a TCP connection. Its kept holds end with it: CLIENT
 * and MONITOR holds with this client, USER holds with the user's last client.
 *
 * <p>It ends with a logout ({@link #close}). When its connection is lost ({@link #disconnect}), its {@link SessionPolicy}
 * says whether it ends too, or waits to be {@linkplain ClientSessions#resume resumed}. Thread-safe.
 */
public interface ClientSession extends AutoCloseable {

    /**
     * Returns the secret with which this client is resumed, in this or another process. Give it to the client and to nobody
     * else.
     *
     * @return the id
     */
    String id();

    /**
     * Returns the user and client.
     *
     * @return the owner, without a flow
     */
    LockOwner owner();

    /**
     * Returns what becomes of its kept holds when the connection is lost.
     *
     * @return the policy
     */
    SessionPolicy policy();

    /**
     * Runs work as this client; see {@link ObjectLocks#callAs}.
     *
     * @param body the work
     * @param <T> what it returns
     * @param <X> what it throws
     * @return what the body returns
     * @throws X what the body throws
     * @throws LockAuthenticationException if the session has ended
     */
    <T extends @org.jspecify.annotations.Nullable Object, X extends Exception> T call(Body<T, X> body) throws X;

    /**
     * Runs work as this client; see {@link ObjectLocks#callAs}.
     *
     * @param body the work
     * @param <X> what it throws
     * @throws X what the body throws
     * @throws LockAuthenticationException if the session has ended
     */
    default <X extends Exception> void run(Body.Action<X> body) throws X {
        call(Body.of(body));
    }

    /**
     * Returns whether the session goes on here.
     *
     * @return false after {@link #close} or {@link #disconnect}, or when it was resumed elsewhere or ended by somebody else
     */
    boolean isOpen();

    /**
     * The connection was lost: its waiting requests leave the line, running calls keep their locks to their end, and the
     * policy says what becomes of its kept holds. Does nothing the second time, or when the client was resumed elsewhere.
     */
    void disconnect();

    /**
     * Logs out: its kept holds end, its waiting requests leave the line, and running calls keep their locks to their
     * end. Does nothing the second time, or when the client was resumed elsewhere.
     */
    @Override
    void close();
}
