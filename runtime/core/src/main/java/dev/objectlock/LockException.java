package dev.objectlock;

import org.jspecify.annotations.Nullable;

/** The root of all errors of this library. Unchecked. */
public abstract class LockException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an error.
     *
     * @param message what was tried, on which path, what was found, and what to do
     */
    protected LockException(String message) {
        super(message);
    }

    /**
     * Creates an error with a cause.
     *
     * @param message what was tried, on which path, what was found, and what to do
     * @param cause what it came from, or null
     */
    protected LockException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Returns what was tried, on which path, what was found, and what to do.
     *
     * @return never null
     */
    @Override
    public final String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
