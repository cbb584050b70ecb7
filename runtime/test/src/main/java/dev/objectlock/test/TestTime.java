package dev.objectlock.test;

import dev.objectlock.LockTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A time that stands still until {@link #advance} is called, which then runs what has come due, in order, on the calling
 * thread. Thread-safe.
 */
public final class TestTime implements LockTime {

    /** Where this time begins. */
    public static final Instant START = Instant.parse("2026-01-05T10:00:00Z");

    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::number));
    private volatile long nanos;
    private volatile Duration ahead = Duration.ZERO;
    private long numbers;

    private record Task(long due, long number, Runnable work) {}

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant now() {
        return START.plusNanos(nanos).plus(ahead);
    }

    @Override
    public Alarm schedule(Duration delay, Runnable work) {
        lock.lock();
        try {
            Task task = new Task(saturated(delay), numbers++, work);
            tasks.add(task);
            return () -> cancel(task);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets time pass.
     *
     * @param duration how much
     */
    public void advance(Duration duration) {
        long until = saturated(duration);
        for (Task task = nextDue(until); task != null; task = nextDue(until)) {
            task.work.run();
        }
    }

    /**
     * Sets the time of day, as somebody may do with the clock of a machine. {@link #nanoTime} goes on as before, and nothing comes
     * due.
     *
     * @param by how much forward, or back if it is negative
     */
    public void jump(Duration by) {
        ahead = ahead.plus(by);
    }

    /** Takes the next task that is due; if there is none, it is that time now, for whoever schedules next. */
    private @Nullable Task nextDue(long until) {
        lock.lock();
        try {
            Task next = tasks.peek();
            if (next == null || next.due > until) {
                nanos = Math.max(nanos, until);
                return null;
            }
            tasks.remove(next);
            nanos = Math.max(nanos, next.due);
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void cancel(Task task) {
        lock.lock();
        try {
            tasks.remove(task);
        } finally {
            lock.unlock();
        }
    }

    private long saturated(Duration delay) {
        long now = nanos;
        try {
            return Math.addExact(now, Math.max(0, delay.toNanos()));
        } catch (ArithmeticException never) {
            return Long.MAX_VALUE;
        }
    }

    @Override
    public String toString() {
        return "TestTime at " + now();
    }
}
