package dev.objectlock.annotation;

/** Whether a lock shuts readers out. */
public enum LockAccess {
    /** One writer: conflicts with every other lock that does not admit its owner. */
    EXCLUSIVE,
    /** Any number of readers: never conflicts with another {@code SHARED} lock. */
    SHARED;

    /**
     * Returns whether holding this access is enough for who needs the other.
     *
     * @param needed the access that is asked for
     * @return true if this is {@link #EXCLUSIVE} or both are {@link #SHARED}
     */
    public boolean includes(LockAccess needed) {
        return this == EXCLUSIVE || needed == SHARED;
    }
}
