package dev.objectlock.redis;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what other processes do, which tell nobody: looks again and again until it is so, or the time is over. */
public final class Until {

    /** How long anything may take that works at all. */
    public static final Duration LONG = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofMillis(10);

    private Until() {}

    /**
     * Waits until something is so.
     *
     * @param what what is waited for, to complete "waited for"
     * @param condition whether it is so; an exception means that it is not
     */
    public static void so(String what, Callable<Boolean> condition) {
        so(what, LONG, condition);
    }

    /**
     * Waits until something is so.
     *
     * @param what what is waited for, to complete "waited for"
     * @param longest how long to wait
     * @param condition whether it is so; an exception means that it is not
     */
    public static void so(String what, Duration longest, Callable<Boolean> condition) {
        long end = System.nanoTime() + longest.toNanos();
        Exception last = null;
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (Exception notYet) {
                last = notYet;
            }
            if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("waited in vain for " + what + ", " + longest.toMillis() + " ms", last);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
