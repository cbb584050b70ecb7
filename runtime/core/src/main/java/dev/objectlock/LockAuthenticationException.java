package dev.objectlock;

/** A lock that needs a user was asked for without one, or by a session that has ended. */
public final class LockAuthenticationException extends LockException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message what was tried, on which path, what was found, and what to do
     */
    public LockAuthenticationException(String message) {
        super(message);
    }

    /**
     * Creates the error.
     *
     * @param message what was tried, on which path, what was found, and what to do
     * @param cause what stood behind it
     */
    public LockAuthenticationException(String message, Throwable cause) {
        super(message, cause);
    }
}
