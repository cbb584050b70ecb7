package dev.objectlock.examples.robotcell.cell;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The simulated drives: motions take their time in here, and a stop ends them all at once. Thread-safe. */
final class Drives {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopping = lock.newCondition();
    private boolean stopped;
    private long stops;
    private int speed = 100;

    void setSpeed(int percent) {
        lock.lock();
        try {
            speed = percent;
        } finally {
            lock.unlock();
        }
    }

    /** How long a motion takes at the speed that is set. */
    Duration timeFor(double secondsAtFullSpeed) {
        lock.lock();
        try {
            return Duration.ofNanos((long) (secondsAtFullSpeed * TimeUnit.SECONDS.toNanos(1) * 100 / speed));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs a motion and returns when it is over.
     *
     * @param time how long it takes
     * @param onStart told when it begins
     * @throws StoppedException if somebody stops it, or had stopped the robot before
     */
    void run(Duration time, Runnable onStart) {
        long stopsBefore = begin();
        onStart.run();
        lock.lock();
        try {
            long nanosLeft = time.toNanos();
            while (nanosLeft > 0 && stops == stopsBefore) {
                nanosLeft = stopping.awaitNanos(nanosLeft);
            }
            if (stops != stopsBefore) {
                throw new StoppedException("the motion ended on the way");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoppedException("the server is closing");
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many stops there have been, by which the motion will see a further one. */
    private long begin() {
        lock.lock();
        try {
            if (stopped) {
                throw new StoppedException("the robot is stopped; reset it first");
            }
            return stops;
        } finally {
            lock.unlock();
        }
    }

    void stop() {
        lock.lock();
        try {
            stopped = true;
            stops++;
            stopping.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void reset() {
        lock.lock();
        try {
            stopped = false;
        } finally {
            lock.unlock();
        }
    }
}
