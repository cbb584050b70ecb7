package dev.objectlock.annotation;

/** What a lock covers. */
public enum LockScope {
    /** {@link #TREE} for {@link LockMode#USER} and {@link LockMode#CLIENT}, {@link #OBJECT} for {@link LockMode#MONITOR}. */
    BY_MODE,
    /** The object and all below it, now or later. Not for monitors. */
    TREE,
    /** The object alone. */
    OBJECT;

    /**
     * Returns the scope that this setting means together with a mode.
     *
     * @param mode the mode of the same lock
     * @return {@link #TREE} or {@link #OBJECT}
     */
    public LockScope resolve(LockMode mode) {
        if (this != BY_MODE) {
            return this;
        }
        return mode.isOwnership() ? TREE : OBJECT;
    }
}
