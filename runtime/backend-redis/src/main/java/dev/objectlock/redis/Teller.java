package dev.objectlock.redis;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that tells what the store has told, one after the other: the threads of a connection must not be blocked. */
final class Teller implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Teller.class);

    private final ThreadPoolExecutor executor;
    private volatile @Nullable Thread thread;

    Teller(String name) {
        executor = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread made = new Thread(task, name);
            made.setDaemon(true);
            thread = made;
            return made;
        });
        executor.allowCoreThreadTimeOut(true);
    }

    /** Returns false if it tells nothing any more. */
    boolean tell(Runnable task) {
        try {
            executor.execute(() -> run(task));
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failed) {
            LOG.error("what the store told could not be passed on", failed);
        }
    }

    /** Whether this is the thread that tells. */
    boolean isTelling() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
