package dev.objectlock;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The clocks of the machine and one daemon thread. */
final class SystemLockTime implements LockTime {

    static final LockTime INSTANCE = new SystemLockTime();

    private final ScheduledThreadPoolExecutor scheduler;

    private SystemLockTime() {
        scheduler = new ScheduledThreadPoolExecutor(1, task -> {
            // Whoever happens to ask first, an application that may be restarted, is not kept alive by the thread.
            Thread thread = new Thread(null, task, "objectlock-time", 0, false);
            thread.setContextClassLoader(SystemLockTime.class.getClassLoader());
            thread.setDaemon(true);
            return thread;
        });
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setKeepAliveTime(10, TimeUnit.SECONDS);
        scheduler.allowCoreThreadTimeOut(true);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public Alarm schedule(Duration delay, Runnable task) {
        ScheduledFuture<?> future = scheduler.schedule(task, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }
}
