package dev.objectlock.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread on which listeners are told, in order. It is there only while it has something to do. */
final class EventThread implements Executor, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventThread.class);

    private final ThreadPoolExecutor executor;

    EventThread(String name) {
        executor = new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "objectlock-events-" + name);
            thread.setDaemon(true);
            return thread;
        });
        executor.allowCoreThreadTimeOut(true);
        executor.setRejectedExecutionHandler((task, closed) -> LOG.debug("{} is closed; an event is not told", name));
    }

    @Override
    public void execute(Runnable listener) {
        executor.execute(() -> {
            try {
                listener.run();
            } catch (RuntimeException | Error failed) {
                LOG.warn("a lock listener failed; the locks are not affected", failed);
            }
        });
    }

    /** What has been handed over is still told. */
    @Override
    public void close() {
        executor.shutdown();
    }
}
