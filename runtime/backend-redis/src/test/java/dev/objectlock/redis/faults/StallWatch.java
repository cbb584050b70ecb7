package dev.objectlock.redis.faults;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/** Sees that this JVM did not run for a while: it was stopped, or the machine had no time for it. */
final class StallWatch implements AutoCloseable {

    private static final Duration STEP = Duration.ofMillis(20);

    private final Thread watch;

    /**
     * Creates it.
     *
     * @param longest what is still nothing
     * @param stalled told for how many nanoseconds it did not run
     */
    StallWatch(Duration longest, LongConsumer stalled) {
        watch = new Thread(() -> watch(longest.toNanos(), stalled), "stall-watch");
        watch.setDaemon(true);
    }

    /** Watches from now on, on a daemon thread. */
    void start() {
        watch.start();
    }

    private static void watch(long longest, LongConsumer stalled) {
        long last = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(STEP.toNanos());
            long now = System.nanoTime();
            if (now - last > longest) {
                stalled.accept(now - last);
            }
            last = now;
        }
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
