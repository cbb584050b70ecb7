package dev.objectlock.backend;

import dev.objectlock.LockPath;

/** A kept hold as its backend finds it again, wherever it has moved. */
public interface HoldRef {

    /**
     * Returns the name of the hold.
     *
     * @return the id
     */
    String id();

    /**
     * Returns where the object is, as far as this process knows.
     *
     * @return its path
     */
    LockPath path();
}
