package dev.objectlock;

/** Interrupted while waiting. The request has left the line, and the thread's interrupt flag is set again. */
public final class LockInterruptedException extends LockException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message what was waited for
     * @param cause the interruption
     */
    public LockInterruptedException(String message, InterruptedException cause) {
        super(message, cause);
    }
}
