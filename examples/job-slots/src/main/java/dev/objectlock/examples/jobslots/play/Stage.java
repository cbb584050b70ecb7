package dev.objectlock.examples.jobslots.play;

import dev.objectlock.ObjectLocks;
import dev.objectlock.examples.jobslots.jobs.RenderFarm;
import dev.objectlock.examples.jobslots.jobs.TaskBook;
import dev.objectlock.examples.jobslots.ledger.Ledger;
import dev.objectlock.examples.jobslots.ledger.Report;
import dev.objectlock.examples.jobslots.worker.WorkerSettings;
import dev.objectlock.redis.RedisLockBackend;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The workers, the ledger that hears them, and eyes on the store: what the acts of the play are made of. */
final class Stage implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long MILLIS_BETWEEN_LOOKS = 20;
    private static final Duration BETWEEN_ROWS = Duration.ofMillis(500);

    private final Settings settings;
    private final WorkerSettings workerSettings;
    private final Timeline timeline;
    private final Ledger ledger = new Ledger(RenderFarm.SLOTS);
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final RedisLockBackend backend;
    private final ObjectLocks locks;
    private final Pool pool;
    private final TaskBook book;
    private final Map<String, WorkerProcess> workers = new LinkedHashMap<>();
    private final CountDownLatch notReady;
    private final CompletableFuture<Void> allReady = new CompletableFuture<>();
    private long lastRow = System.nanoTime();
    private int violationsTold;

    Stage(Settings settings, String redis, Timeline timeline) {
        this.settings = settings;
        this.timeline = timeline;
        this.workerSettings = new WorkerSettings(
                "",
                redis,
                settings.prefix(),
                settings.night(),
                settings.tasks(),
                settings.threads(),
                settings.work(),
                settings.timeout());
        this.client = RedisClient.create(redis);
        this.connection = client.connect();
        this.backend = RedisLockBackend.builder(client)
                .prefix(settings.prefix())
                .processTimeout(settings.timeout())
                .build();
        this.locks = ObjectLocks.builder().backend(backend).build();
        this.pool = new Pool(locks);
        this.book = new TaskBook(connection.sync(), settings.prefix(), settings.night());
        this.notReady = new CountDownLatch(settings.workers().size());
    }

    Ledger ledger() {
        return ledger;
    }

    Pool pool() {
        return pool;
    }

    TaskBook book() {
        return book;
    }

    List<String> taskNames() {
        return workerSettings.taskNames();
    }

    WorkerProcess worker(String name) {
        WorkerProcess worker = workers.get(name);
        if (worker == null) {
            throw new IllegalStateException("worker " + name + " is dead");
        }
        return worker;
    }

    List<WorkerProcess> workers() {
        return List.copyOf(workers.values());
    }

    /** Starts all workers; they begin together. */
    void startAll() throws IOException, InterruptedException {
        for (String name : settings.workers()) {
            workers.put(name, WorkerProcess.start(workerSettings.named(name), this::hear));
        }
        while (!notReady.await(MILLIS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS)) {
            for (WorkerProcess worker : workers()) {
                if (!worker.isAlive()) {
                    throw new IllegalStateException("worker " + worker.name() + " ended before it was ready, with "
                            + worker.awaitEnd() + "; it has said why");
                }
            }
        }
        allReady.complete(null);
    }

    private void hear(String worker, Report report) {
        if (report instanceof Report.Ready) {
            notReady.countDown();
            allReady.join();
        } else {
            ledger.hear(worker, report);
        }
    }

    /** Takes a worker off the stage that is expected to be dead. */
    void leaves(String name) {
        workers.remove(name);
    }

    /** Looks on, and tells it twice a second, until something is so. */
    void until(String what, BooleanSupplier isSo) throws InterruptedException {
        long latest = System.nanoTime() + PATIENCE.toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - latest > 0) {
                throw new IllegalStateException("not seen in " + PATIENCE.toSeconds() + " s: " + what);
            }
            if (workers().stream().noneMatch(WorkerProcess::isAlive) && !isSo.getAsBoolean()) {
                throw new IllegalStateException("all workers have ended, and not seen was: " + what);
            }
            Thread.sleep(MILLIS_BETWEEN_LOOKS);
            tellViolations();
            if (System.nanoTime() - lastRow > BETWEEN_ROWS.toNanos()) {
                row("");
            }
        }
    }

    /** Waits for the ends of all workers, and says which of them failed. */
    List<String> awaitEnds() throws InterruptedException {
        until("all workers have ended", () -> workers().stream().noneMatch(WorkerProcess::isAlive));
        tellViolations();
        List<String> failed = new ArrayList<>();
        for (WorkerProcess worker : workers()) {
            int code = worker.awaitEnd();
            if (code != 0) {
                failed.add("worker " + worker.name() + " ended with " + code);
            }
        }
        return failed;
    }

    private void tellViolations() {
        List<String> violations = ledger.violations();
        violations.subList(violationsTold, violations.size()).forEach(violation -> row("VIOLATION: " + violation));
        violationsTold = violations.size();
    }

    void row(String text) {
        timeline.row(pool.picture(), ledger.done(), text);
        lastRow = System.nanoTime();
    }

    @Override
    public void close() {
        allReady.cancel(false);
        workers().forEach(WorkerProcess::close);
        locks.close();
        backend.close();
        removeAll();
        connection.close();
        client.shutdown();
    }

    /** The server may be somebody else's. */
    private void removeAll() {
        ScanIterator.scan(connection.sync(), ScanArgs.Builder.matches(settings.prefix() + ":*")).stream()
                .forEach(connection.sync()::del);
    }
}
