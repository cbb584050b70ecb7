package dev.objectlock.memory;

import dev.objectlock.LockTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;

/** A time that passes when a test says so; what is due rings on the thread that says it. Thread-safe. */
final class ManualTime implements LockTime {

    private record Due(long at, long number, Runnable task) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityQueue<Due> alarms =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::number));
    private volatile long nanos;
    private long numbers;

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public Alarm schedule(Duration delay, Runnable task) {
        lock.lock();
        try {
            long at = nanos + Math.min(delay.toNanos(), Long.MAX_VALUE / 4);
            Due due = new Due(at, numbers++, task);
            alarms.add(due);
            return () -> cancel(due);
        } finally {
            lock.unlock();
        }
    }

    private void cancel(Due due) {
        lock.lock();
        try {
            alarms.remove(due);
        } finally {
            lock.unlock();
        }
    }

    void pass(Duration duration) {
        long until = nanos + duration.toNanos();
        for (Due due = next(until); due != null; due = next(until)) {
            due.task.run();
        }
    }

    private Due next(long until) {
        lock.lock();
        try {
            Due due = alarms.peek();
            if (due == null || due.at > until) {
                nanos = Math.max(nanos, until);
                return null;
            }
            nanos = Math.max(nanos, due.at);
            return alarms.poll();
        } finally {
            lock.unlock();
        }
    }

    /** How many alarms have not rung and were not called off. */
    int alarms() {
        lock.lock();
        try {
            return alarms.size();
        } finally {
            lock.unlock();
        }
    }
}
