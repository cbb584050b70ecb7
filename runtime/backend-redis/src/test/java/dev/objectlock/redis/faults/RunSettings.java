package dev.objectlock.redis.faults;

import java.time.Duration;

/**
 * How big a run is.
 *
 * @param store how the workers use the store
 * @param workers how many JVMs
 * @param threads how many threads each of them has
 * @param processTimeout after how long a silence the store takes one for dead
 * @param replyTimeout how long it waits for a reply of the store
 * @param seed for the choices of the workers and of the plan
 */
record RunSettings(Store store, int workers, int threads, Duration processTimeout, Duration replyTimeout, long seed) {

    WorkerSetup worker(int number, int resourcePort, int storePort) {
        return new WorkerSetup(number, threads, resourcePort, storePort, store, processTimeout, replyTimeout, seed);
    }
}
