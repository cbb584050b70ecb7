package dev.objectlock;

import org.jspecify.annotations.Nullable;

/**
 * The store could not be reached, or did not answer. What becomes of work meanwhile is the application's choice: {@link
 * WithoutStore}.
 */
public final class LockBackendException extends LockException {

    private static final long serialVersionUID = 1L;

    private final boolean outcomeKnown;

    /**
     * Creates the error.
     *
     * @param message what was tried and what came back
     * @param outcomeKnown whether it is certain that nothing was done
     * @param cause what it came from, or null
     */
    public LockBackendException(String message, boolean outcomeKnown, @Nullable Throwable cause) {
        super(message, cause);
        this.outcomeKnown = outcomeKnown;
    }

    /**
     * Returns whether it is certain that nothing was done.
     *
     * @return false if the request may have been carried out
     */
    public boolean isOutcomeKnown() {
        return outcomeKnown;
    }
}
