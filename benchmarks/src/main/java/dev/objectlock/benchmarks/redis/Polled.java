package dev.objectlock.benchmarks.redis;

import java.util.concurrent.locks.LockSupport;

/** A lock that can only be tried, and that one tries again and again, as one would by hand. */
interface Polled extends Mutex {

    /** Between two tries. */
    long PAUSE_NANOS = 10_000_000;

    /**
     * Tries to take the lock.
     *
     * @return whether it is taken
     */
    boolean tryAcquire();

    @Override
    default void acquire() {
        while (!tryAcquire()) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
