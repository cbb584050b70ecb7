package dev.objectlock.engine;

import dev.objectlock.LockTime;
import dev.objectlock.LockTime.Alarm;
import dev.objectlock.Loss;
import dev.objectlock.backend.Beat;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a store that this process lives, three times in the shortest time that it must keep, and learns what the store has
 * to say. If the store does not answer for as long as it bears with silence, the process takes itself for dead before the store
 * does. Where a store lives and dies with the process there is nothing to do.
 */
final class Heart {

    private static final Logger LOG = LoggerFactory.getLogger(Heart.class);

    /** If the wall clock has run ahead of the monotonic one by more than this, the machine was asleep. */
    private static final Duration ASLEEP = Duration.ofSeconds(1);

    private final Engine engine;
    private final LockTime time;
    private final @Nullable Duration timeout;
    private final ReentrantLock lock = new ReentrantLock();
    private Duration interval;
    private @Nullable Alarm next;
    private @Nullable Alarm deadline;
    private boolean stopped;

    /** When the last beat that was answered had been sent, by both clocks. */
    private volatile long lastNanos;

    private volatile Instant lastWall;

    /** Whether it has been said that the store does not answer. */
    private volatile boolean failing;

    Heart(Engine engine, LockTime time, @Nullable Duration timeout) {
        this.engine = engine;
        this.time = time;
        this.timeout = timeout;
        this.interval = timeout == null ? Duration.ZERO : timeout.dividedBy(3);
        this.lastNanos = time.nanoTime();
        this.lastWall = time.now();
    }

    void start() {
        lastNanos = time.nanoTime();
        lastWall = time.now();
        schedule();
        watchSilence(engine.membership());
    }

    void stop() {
        lock.lock();
        try {
            stopped = true;
            if (next != null) {
                next.cancel();
            }
            if (deadline != null) {
                deadline.cancel();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A hold is renewed by the beats from now on. */
    void keep(Duration lease) {
        Duration needed = lease.dividedBy(3);
        lock.lock();
        try {
            if (timeout == null || needed.compareTo(interval) >= 0) {
                return;
            }
            interval = needed;
        } finally {
            lock.unlock();
        }
        schedule();
    }

    /** As {@link #keep}, for leases that have been running already. */
    void keepFromNow(Duration lease) {
        keep(lease);
        if (timeout != null) {
            beat();
        }
    }

    private void schedule() {
        if (timeout == null) {
            return;
        }
        lock.lock();
        try {
            if (next != null) {
                next.cancel();
            }
            if (!stopped) {
                next = time.schedule(interval, this::beat);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the store to be out of reach for too long: nobody else could tell whoever relies on it. */
    private void watchSilence(Membership membership) {
        if (timeout == null) {
            return;
        }
        long left = timeout.toNanos() - (time.nanoTime() - lastNanos);
        if (left <= 0) {
            engine.silent(membership);
            return;
        }
        lock.lock();
        try {
            if (deadline != null) {
                deadline.cancel();
            }
            if (!stopped) {
                deadline = time.schedule(Duration.ofNanos(left), () -> watchSilence(membership));
            }
        } finally {
            lock.unlock();
        }
    }

    private void beat() {
        Membership membership = engine.membership();
        long sentNanos = time.nanoTime();
        Instant sentWall = time.now();
        CompletableFuture<Beat> answer = send(membership).toCompletableFuture();
        boolean waits = !answer.isDone();
        answer.whenComplete((beat, failure) -> {
            if (failure != null) {
                failed(failure);
                schedule();
                return;
            }
            beat.losses().forEach(engine::tell);
            Runnable rest = () -> answered(membership, beat, sentNanos, sentWall);
            if (waits) {
                // To join anew it waits for the store, whose thread this is.
                Stages.elsewhere(rest);
            } else {
                rest.run();
            }
        });
    }

    private void failed(Throwable failure) {
        if (failing) {
            LOG.debug("{}: a beat failed again", engine, failure);
        } else {
            failing = true;
            LOG.warn(
                    "{}: the store cannot be told that this process lives, trying again: {}",
                    engine,
                    failure.toString());
        }
    }

    private void answered(Membership membership, Beat beat, long sentNanos, Instant sentWall) {
        try {
            confirmed(membership, beat, sentNanos, sentWall);
        } catch (RuntimeException | Error failed) {
            LOG.warn("{}: what a beat told could not be carried out; trying again", engine, failed);
        } finally {
            schedule();
        }
    }

    private static CompletionStage<Beat> send(Membership membership) {
        try {
            return membership.process().beat();
        } catch (RuntimeException failed) {
            return CompletableFuture.failedFuture(failed);
        }
    }

    private void confirmed(Membership membership, Beat beat, long sentNanos, Instant sentWall) {
        if (!beat.epoch().equals(membership.epoch())) {
            engine.rejoin(membership, Loss.Reason.STORE_RESET);
        } else if (!beat.alive() || membership.over() != null) {
            engine.rejoin(membership, Loss.Reason.PROCESS_DEAD);
        } else {
            lastNanos = sentNanos;
            lastWall = sentWall;
            failing = false;
        }
    }

    /**
     * Whether this process was silent for so long that the store may have taken it for dead, or slept: then nothing that it
     * believes to hold is certain.
     */
    private boolean isSuspect() {
        if (timeout == null) {
            return false;
        }
        long silent = time.nanoTime() - lastNanos;
        Duration wall = Duration.between(lastWall, time.now());
        return silent >= timeout.toNanos() || wall.minusNanos(silent).compareTo(ASLEEP) > 0;
    }

    /** If that is not certain, asks the store, and comes back when it is known what is still held. */
    void confirmIfSuspect() {
        if (!isSuspect()) {
            return;
        }
        Membership membership = engine.membership();
        long sentNanos = time.nanoTime();
        Instant sentWall = time.now();
        Beat beat = engine.ask(
                () -> "confirming what this process holds, after a silence",
                process -> membership.process().beat());
        beat.losses().forEach(engine::tell);
        confirmed(membership, beat, sentNanos, sentWall);
    }
}
