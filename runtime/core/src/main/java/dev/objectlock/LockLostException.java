package dev.objectlock;

/** A hold ended while the work that relied on it was going on, or before its former owner came back. */
public final class LockLostException extends LockException {

    private static final long serialVersionUID = 1L;

    private final LockPath path;
    private final transient Loss loss;

    /**
     * Creates the error.
     *
     * @param message what was tried
     * @param path the object whose hold was lost
     * @param loss why it was lost
     */
    public LockLostException(String message, LockPath path, Loss loss) {
        super(message + ": " + loss.describe() + "; take the lock again before you go on, the object may have changed");
        this.path = path;
        this.loss = loss;
    }

    /**
     * Returns the object whose hold was lost.
     *
     * @return its path
     */
    public LockPath path() {
        return path;
    }

    /**
     * Returns why it was lost.
     *
     * @return the reason, who did it, and when
     */
    public Loss loss() {
        return loss;
    }
}
