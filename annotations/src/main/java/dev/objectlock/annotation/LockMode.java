package dev.objectlock.annotation;

/** Who else is admitted while a lock is held. */
public enum LockMode {
    /**
     * This person, on any screen: every owner of the same user is admitted, nobody else. Needs an authenticated user.
     * Covers the object and everything below it unless said otherwise.
     */
    USER,
    /**
     * This screen: only the same client (one connection) of the same user is admitted. Needs an authenticated user.
     * Covers the object and everything below it unless said otherwise.
     */
    CLIENT,
    /**
     * This flow: one execution, as with a mutex. Needs no user, covers the object alone and never what is below it, and
     * is meant for what ends soon.
     */
    MONITOR;

    /**
     * Returns whether this is an ownership lock ({@link #USER} or {@link #CLIENT}) and not a monitor.
     *
     * @return false for {@link #MONITOR}
     */
    public boolean isOwnership() {
        return this != MONITOR;
    }
}
