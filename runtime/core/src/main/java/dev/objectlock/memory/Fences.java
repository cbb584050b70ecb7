package dev.objectlock.memory;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Fencing tokens that grow under each root although nothing is kept of a root that is free. Roots share a few counters,
 * which begin at the nanoseconds of the wall clock: no process can grant more often than that, so that a later one never
 * repeats a token.
 */
final class Fences {

    private static final int COUNTERS = 64;

    /** Counters of neighbours would share a cache line and slow unrelated roots down. */
    private static final int SPREAD = 8;

    private final AtomicLongArray counters = new AtomicLongArray((COUNTERS + 1) * SPREAD);

    Fences(Instant now) {
        long seed = Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
        for (int i = 0; i < counters.length(); i++) {
            counters.set(i, seed);
        }
    }

    long next(String root) {
        int hash = root.hashCode();
        int counter = (hash ^ hash >>> 16) & COUNTERS - 1;
        return counters.incrementAndGet((counter + 1) * SPREAD);
    }
}
