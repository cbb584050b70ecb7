package dev.objectlock;

/** The user lacks the privilege for what was asked. */
public final class LockPrivilegeException extends LockException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message what was tried, on which path, what was found, and what to do
     */
    public LockPrivilegeException(String message) {
        super(message);
    }
}
