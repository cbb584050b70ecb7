package dev.objectlock.memory;

import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Has two things done at the same moment, over and over: now one a little earlier, now the other. */
final class Race implements AutoCloseable {

    /** How long a test waits for what should happen at once, on a slow machine. */
    static final long PATIENCE_SECONDS = 20;

    /** How far apart the two begin, at most: 2 to the power of this, in nanoseconds. */
    private static final int LARGEST_OFFSET = 18;

    private final ExecutorService other = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "race");
        thread.setDaemon(true);
        return thread;
    });
    private final Random random;
    private volatile int round;
    private volatile int ready;

    Race(long seed) {
        random = new Random(seed);
    }

    /** Returns when both are done; the failure of either is thrown. The first two times they do not overlap. */
    void between(Runnable one, Runnable two) {
        int now = ready + 1;
        boolean swapped = now <= 2 ? now == 2 : random.nextBoolean();
        Runnable here = swapped ? two : one;
        Runnable there = swapped ? one : two;
        if (now <= 2) {
            ready = now;
            here.run();
            there.run();
            return;
        }
        // Mostly close together, sometimes so far apart that the first is over before the second begins.
        int offset = random.nextInt(1 << random.nextInt(LARGEST_OFFSET));
        boolean hereLater = random.nextBoolean();
        Future<?> running = other.submit(() -> {
            ready = now;
            while (round != now) {
                Thread.onSpinWait();
            }
            spin(hereLater ? 0 : offset);
            there.run();
        });
        while (ready != now) {
            LockSupport.parkNanos(1);
        }
        round = now;
        spin(hereLater ? offset : 0);
        try {
            here.run();
        } finally {
            await(running);
        }
    }

    private static void spin(int nanos) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < nanos) {
            Thread.onSpinWait();
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException plain) {
                throw plain;
            }
            throw new AssertionError(failed.getCause());
        } catch (InterruptedException | TimeoutException stuck) {
            throw new AssertionError("it did not end", stuck);
        }
    }

    @Override
    public void close() {
        other.shutdownNow();
    }
}
