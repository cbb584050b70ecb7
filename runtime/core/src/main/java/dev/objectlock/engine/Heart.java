package dev.objectlock.engine;

import dev.objectlock.LockBackendException;
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

    /** How soon a process that the store takes for dead tries to join anew, at most. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Engine engine;
    private final LockTime time;
    private final @Nullable Duration timeout;
    private final ReentrantLock lock = new ReentrantLock();
    private Duration interval;
    private @Nullable Alarm next;
    private @Nullable Alarm deadline;
    private boolean stopped;

    /** The attempt to join anew that is running, or was the last. */
    private CompletableFuture<Void> burial = CompletableFuture.completedFuture(null);

    private @Nullable Membership buried;
    private long buriedAt;

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

    /** Begins to beat for a membership, of which the first beat has been answered. */
    void start(Membership fresh) {
        lastNanos = fresh.askedNanos();
        lastWall = fresh.askedWall();
        failing = false;
        schedule(interval);
        watchSilence(fresh);
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
        schedule(needed);
    }

    /** As {@link #keep}, for leases that have been running already. */
    void keepFromNow(Duration lease) {
        keep(lease);
        if (timeout != null) {
            beat();
        }
    }

    /** The membership has ended, and there is no other yet: soon. */
    void again() {
        schedule(AGAIN);
    }

    private void schedule(Duration delay) {
        if (timeout == null) {
            return;
        }
        lock.lock();
        try {
            if (next != null) {
                next.cancel();
            }
            if (!stopped) {
                next = time.schedule(delay, this::beat);
            }
        } finally {
            lock.unlock();
        }
    }

    private void scheduleNext() {
        schedule(engine.known().over() == null ? interval : AGAIN);
    }

    /** Waits for the store to be out of reach for too long: nobody else could tell whoever relies on it. */
    private void watchSilence(Membership membership) {
        if (timeout == null) {
            return;
        }
        lock.lock();
        try {
            if (stopped || engine.known() != membership) {
                return;
            }
            long left = timeout.toNanos() - (time.nanoTime() - lastNanos);
            if (left > 0) {
                if (deadline != null) {
                    deadline.cancel();
                }
                deadline = time.schedule(Duration.ofNanos(left), () -> watchSilence(membership));
                return;
            }
        } finally {
            lock.unlock();
        }
        engine.silent(membership);
        bury(membership);
    }

    private void beat() {
        Membership membership = engine.known();
        if (membership.over() != null) {
            if (bury(membership).isDone()) {
                scheduleNext();
            }
            return;
        }
        long sentNanos = time.nanoTime();
        Instant sentWall = time.now();
        CompletableFuture<Beat> answer = send(membership).toCompletableFuture();
        boolean waits = !answer.isDone();
        answer.whenComplete((beat, failure) -> {
            if (failure != null) {
                failed(failure);
                scheduleNext();
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

    /**
     * A membership that has ended is not kept alive any more: the store forgets what it still has of it, and only then the process
     * joins anew, so that whatever was told as lost is free, and everything is as if the store had found it dead. Tried once a
     * second.
     *
     * @return completes when the attempt that is running is over, whatever has come of it; at once if the last one has just failed
     */
    CompletableFuture<Void> bury(Membership gone) {
        CompletableFuture<Void> attempt = new CompletableFuture<>();
        lock.lock();
        try {
            if (!burial.isDone()) {
                return burial;
            }
            if (buried == gone && time.nanoTime() - buriedAt < AGAIN.toNanos() || stopped) {
                return burial;
            }
            buried = gone;
            buriedAt = time.nanoTime();
            burial = attempt;
        } finally {
            lock.unlock();
        }
        lastWordOf(gone).whenComplete((last, failure) -> {
            try {
                Stages.elsewhere(() -> buried(gone, last, failure, attempt));
            } catch (RuntimeException | Error noThread) {
                buried(gone, null, noThread, attempt);
            }
        });
        return attempt;
    }

    /** What else was lost is told by the answer to a beat, as ever. */
    private static CompletionStage<Beat> lastWordOf(Membership gone) {
        try {
            return gone.process().leaveAsDead().thenCompose(left -> send(gone));
        } catch (RuntimeException | Error failed) {
            return CompletableFuture.failedFuture(failed);
        }
    }

    private void buried(
            Membership gone, @Nullable Beat last, @Nullable Throwable failure, CompletableFuture<Void> attempt) {
        try {
            if (last != null) {
                last.losses().forEach(engine::tell);
                engine.rejoinAfter(gone);
            } else if (failure != null) {
                failed(failure);
            }
        } catch (RuntimeException | Error unreachable) {
            failed(unreachable);
        } finally {
            attempt.complete(null);
            scheduleNext();
        }
    }

    private void failed(Throwable failure) {
        if (failing) {
            LOG.debug("{}: the store does not answer yet", engine, failure);
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
        } catch (LockBackendException unreachable) {
            failed(unreachable);
        } catch (RuntimeException | Error failed) {
            LOG.warn("{}: what a beat told could not be carried out; trying again", engine, failed);
        } finally {
            scheduleNext();
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
        if (membership.over() != null) {
            return;
        }
        if (!beat.epoch().equals(membership.epoch())) {
            engine.rejoin(membership, Loss.Reason.STORE_RESET);
        } else if (!beat.alive()) {
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
        if (membership.over() != null) {
            throw engine.outOfReach(membership);
        }
        long sentNanos = time.nanoTime();
        Instant sentWall = time.now();
        Beat beat = engine.ask(
                () -> "confirming what this process holds, after a silence",
                process -> membership.process().beat());
        beat.losses().forEach(engine::tell);
        confirmed(membership, beat, sentNanos, sentWall);
    }
}
