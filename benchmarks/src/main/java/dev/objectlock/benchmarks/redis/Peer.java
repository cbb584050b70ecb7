package dev.objectlock.benchmarks.redis;

/** Something that locks objects over Redis, as one process uses it: with its defaults, and with connections of its own. */
interface Peer extends AutoCloseable {

    /** The work of one thread. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /**
     * Returns what a thread locks and unlocks again and again. Whatever can be kept ready is.
     *
     * @param object the number of the object
     * @return for one thread
     */
    Mutex mutex(int object);

    /**
     * Runs the work of one thread, as somebody if the peer knows whom it locks for.
     *
     * @param worker a name that no other thread has
     * @param work takes and gives back
     * @throws Exception what the work throws
     */
    default void run(String worker, Work work) throws Exception {
        work.run();
    }

    /** Ends its connections. */
    @Override
    void close();

    /** What keys begin with and end with: long enough to be like those of an application. */
    static String key(int object) {
        return "bench:" + object + "/robot";
    }
}
