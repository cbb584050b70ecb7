package dev.objectlock;

import java.time.Duration;
import java.time.Instant;

/**
 * Where time comes from. Deadlines are counted on {@link #nanoTime}, which never jumps; {@link #now} is for people.
 *
 * <p>Implementations are thread-safe.
 */
public interface LockTime {

    /**
     * Returns the monotonic time.
     *
     * @return nanoseconds since some moment
     */
    long nanoTime();

    /**
     * Returns the time of day.
     *
     * @return now
     */
    Instant now();

    /**
     * Runs a task once, later, on a thread of this time's own. The task must be short and must not block.
     *
     * @param delay how long to wait; zero or less means as soon as possible
     * @param task what to run
     * @return the alarm, to call it off
     */
    Alarm schedule(Duration delay, Runnable task);

    /**
     * Returns the time of this machine.
     *
     * @return the same object for everybody; its one daemon thread ends when it has nothing to wait for
     */
    static LockTime system() {
        return SystemLockTime.INSTANCE;
    }

    /** A task that will run. */
    @FunctionalInterface
    interface Alarm {
        /** Calls the task off. It may be running already; calling it off twice, or after it ran, does nothing. */
        void cancel();
    }
}
