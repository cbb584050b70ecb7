package dev.objectlock.engine;

import dev.objectlock.LockInterruptedException;
import dev.objectlock.LockTime;
import dev.objectlock.LockTime.Alarm;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One at a time, across foreign code: whoever waits for his turn gives up in time, so that nobody hangs who was called by the one
 * whose turn it is. Thread-safe.
 */
final class Turn {

    private final AtomicReference<@Nullable CompletableFuture<Boolean>> taken = new AtomicReference<>();

    /**
     * Waits for its turn.
     *
     * @param time where time comes from
     * @param deadline until when, as {@code nanoTime}
     * @param what for the error if it is interrupted
     * @return false if it was in vain; else to be {@link #end ended}
     */
    boolean begin(LockTime time, long deadline, String what) {
        CompletableFuture<Boolean> own = new CompletableFuture<>();
        while (!taken.compareAndSet(null, own)) {
            CompletableFuture<Boolean> other = taken.get();
            if (other != null && !await(other, time, deadline, what)) {
                return false;
            }
        }
        return true;
    }

    void end() {
        CompletableFuture<Boolean> own = taken.getAndSet(null);
        if (own != null) {
            own.complete(true);
        }
    }

    /** Waits for something that completes with true; false if it does not in time. */
    static boolean await(CompletableFuture<Boolean> something, LockTime time, long deadline, String what) {
        if (something.isDone()) {
            return true;
        }
        if (deadline - time.nanoTime() <= 0) {
            return false;
        }
        CompletableFuture<Boolean> first = something.thenApply(done -> done);
        long left = deadline - time.nanoTime();
        Alarm alarm = time.schedule(Duration.ofNanos(Math.max(0, left)), () -> first.complete(false));
        try {
            return first.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LockInterruptedException("interrupted while waiting for " + what, interrupted);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            alarm.cancel();
        }
    }
}
