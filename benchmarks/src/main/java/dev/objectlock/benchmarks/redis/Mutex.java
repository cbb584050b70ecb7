package dev.objectlock.benchmarks.redis;

/** One object, as one thread locks it. */
interface Mutex {

    /**
     * Takes the lock, however long that lasts.
     *
     * @throws Exception if it cannot be had
     */
    void acquire() throws Exception;

    /**
     * Gives it back.
     *
     * @throws Exception if it was not held
     */
    void release() throws Exception;

    /**
     * Asks the store whether it is held, and fails if not.
     *
     * @throws Exception if it is not
     */
    default void requireHeld() throws Exception {
        throw new UnsupportedOperationException("nobody keeps this one alive");
    }
}
