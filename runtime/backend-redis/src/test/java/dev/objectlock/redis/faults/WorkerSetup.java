package dev.objectlock.redis.faults;

import java.time.Duration;
import java.util.List;

/**
 * What a worker is told on its command line.
 *
 * @param number its number in the run, from 0
 * @param threads how many of its threads take locks
 * @param resourcePort where the resource is
 * @param storePort where the store is, behind a wire that may break
 * @param store how it uses the store
 * @param processTimeout after how long a silence it is dead
 * @param replyTimeout how long it waits for a reply of the store
 * @param seed for its choices
 */
record WorkerSetup(
        int number,
        int threads,
        int resourcePort,
        int storePort,
        Store store,
        Duration processTimeout,
        Duration replyTimeout,
        long seed) {

    static WorkerSetup of(String... words) {
        return new WorkerSetup(
                Integer.parseInt(words[0]),
                Integer.parseInt(words[1]),
                Integer.parseInt(words[2]),
                Integer.parseInt(words[3]),
                Store.valueOf(words[4]),
                Duration.parse(words[5]),
                Duration.parse(words[6]),
                Long.parseLong(words[7]));
    }

    /** As {@link #of} reads them. */
    List<String> words() {
        return List.of(
                Integer.toString(number),
                Integer.toString(threads),
                Integer.toString(resourcePort),
                Integer.toString(storePort),
                store.name(),
                processTimeout.toString(),
                replyTimeout.toString(),
                Long.toString(seed));
    }
}
