package dev.objectlock;

/** The caller has no lock where one is needed. */
public final class LockNotHeldException extends LockException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message what was tried, on which path, what was found, and what to do
     */
    public LockNotHeldException(String message) {
        super(message);
    }
}
