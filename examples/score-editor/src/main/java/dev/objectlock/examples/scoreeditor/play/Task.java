package dev.objectlock.examples.scoreeditor.play;

import dev.objectlock.examples.scoreeditor.edit.Progress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An edit on somebody's own thread. The play can stop it at a bar, and let it go on. */
final class Task implements Progress {

    /** Far more than anything in here takes. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final long stopAt;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch free = new CountDownLatch(1);
    private final long asked = System.nanoTime();
    private final Future<?> end;
    private volatile long entered;
    private volatile long ended;
    private volatile boolean seenWaiting;

    /** What is to be done; it tells how far it is. */
    @FunctionalInterface
    interface Deed {
        void run(Progress progress);
    }

    /** Begins a deed that is to stop at a bar; at none if that is 0. */
    Task(ExecutorService thread, long stopAt, Deed deed) {
        this.stopAt = stopAt;
        this.end = thread.submit(() -> {
            try {
                deed.run(this);
            } finally {
                ended = System.nanoTime();
                stopped.countDown();
            }
        });
    }

    @Override
    public void at(long bar) {
        if (entered == 0) {
            entered = System.nanoTime();
        }
        if (bar == stopAt) {
            stopped.countDown();
            await(free, "leave to go on");
        }
    }

    /** Waits until it has come to the bar at which it stops. If it failed on the way, what it threw is thrown here. */
    void awaitStop() {
        await(stopped, "the stop at bar " + stopAt);
        if (ended != 0) {
            awaitEnd();
            throw new IllegalStateException("an edit ended and did not come to bar " + stopAt);
        }
    }

    void goOn() {
        free.countDown();
    }

    /** Waits for the end; what the deed threw is thrown here. */
    void awaitEnd() {
        try {
            end.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (TimeoutException late) {
            throw new IllegalStateException("an edit did not end in " + PATIENCE.toSeconds() + " s", late);
        } catch (InterruptedException interrupted) {
            throw interrupted();
        }
    }

    long ended() {
        return ended;
    }

    void setSeenWaiting() {
        seenWaiting = true;
    }

    boolean isSeenWaiting() {
        return seenWaiting;
    }

    /** How long it took to get in. */
    Duration waited() {
        return Duration.ofNanos(entered - asked);
    }

    private static void await(CountDownLatch latch, String what) {
        try {
            if (!latch.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(what + " did not come in " + PATIENCE.toSeconds() + " s");
            }
        } catch (InterruptedException interrupted) {
            throw interrupted();
        }
    }

    static IllegalStateException interrupted() {
        Thread.currentThread().interrupt();
        return new IllegalStateException("the play was interrupted");
    }
}
