package dev.objectlock.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads for those who want to be told of a loss: made when there is one, and gone soon afterwards. */
final class LossThreads {

    private static final Logger LOG = LoggerFactory.getLogger(LossThreads.class);

    private LossThreads() {}

    static Executor create() {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 2, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "objectlock-lost");
                    thread.setDaemon(true);
                    return thread;
                });
        return listener -> threads.execute(() -> {
            try {
                listener.run();
            } catch (RuntimeException | Error failed) {
                LOG.warn("a listener to the loss of a lock failed; the locks are not affected", failed);
            }
        });
    }
}
