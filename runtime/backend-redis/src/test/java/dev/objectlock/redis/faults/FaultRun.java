package dev.objectlock.redis.faults;

import dev.objectlock.ObjectLocks;
import dev.objectlock.redis.OwnRedis;
import dev.objectlock.redis.RedisLockBackend;
import dev.objectlock.redis.Until;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Several worker JVMs, a real server, the resource that sees what they do, and faults in between.
 *
 * <p>What the locks promise, and the run looks for: as long as the store keeps its data and hears a process, nobody comes in
 * whom a hold of that process shuts out. A process that the store has not heard for the process time-out, since it was stopped
 * or cut off, is dead for it: others come in, and what the dead one still does is refused by its fence; so it is after the store
 * has lost its data. Every such loss is told, at the latest when the hold is given back.
 */
final class FaultRun implements AutoCloseable {

    private final RunSettings settings;
    private final Tally tally = new Tally();
    private final Resource resource = new Resource(tally);
    private final Silences silences;
    private final AtomicBoolean goesOn = new AtomicBoolean(true);
    private final ResourceServer server;
    private final OwnRedis redis = OwnRedis.start();
    private final List<WorkerProcess> workers = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private FaultRun(RunSettings settings) {
        this.settings = settings;
        this.silences = new Silences(settings.processTimeout());
        this.server = new ResourceServer(resource, tally, silences, goesOn::get);
    }

    /**
     * Does one run.
     *
     * @param settings how big
     * @param plan what is done to the workers and their store
     * @return what was seen
     */
    static Report of(RunSettings settings, Consumer<Faults> plan) {
        long from = System.nanoTime();
        try (FaultRun run = new FaultRun(settings)) {
            run.suffer(plan);
            run.end();
            return Report.of(run.tally, run.problems, Duration.ofNanos(System.nanoTime() - from));
        }
    }

    private void suffer(Consumer<Faults> plan) {
        Duration stall = settings.processTimeout().dividedBy(2);
        try (StallWatch watch = new StallWatch(stall, this::stalled)) {
            watch.start();
            for (int i = 0; i < settings.workers(); i++) {
                TcpProxy wire = new TcpProxy(redis.port());
                workers.add(new WorkerProcess(settings.worker(i, server.port(), wire.port()), wire));
            }
            int all = settings.workers() * settings.threads();
            Until.so("all workers to have joined", () -> server.threads() == all);
            Faults faults = new Faults(redis, workers, resource, tally, silences, new Random(settings.seed()));
            plan.accept(faults);
        } catch (IllegalStateException inVain) {
            problems.add(inVain + (inVain.getCause() == null ? "" : ": " + inVain.getCause()));
            problems.addAll(server.said());
            workers.stream().filter(WorkerProcess::isAlive).forEach(WorkerProcess::logThreads);
        }
    }

    private void stalled(long nanos) {
        long now = System.nanoTime();
        tally.add(Count.STALLS);
        silences.add(Silences.ALL, Silences.Cause.STOPPED, now - nanos, now);
    }

    private void end() {
        goesOn.set(false);
        for (WorkerProcess worker : workers) {
            if (!worker.endsByItself()) {
                problems.add("worker " + worker.number() + " did not end by itself and well; see " + worker.log());
            }
        }
        resource.judge(silences);
        if (settings.store() == Store.REDIS) {
            nothingIsLeft();
        }
    }

    private void nothingIsLeft() {
        RedisClient client = RedisClient.create(redis.uri());
        try (RedisLockBackend backend = RedisLockBackend.builder(client)
                        .processTimeout(settings.processTimeout())
                        .build();
                ObjectLocks locks = ObjectLocks.builder().backend(backend).build()) {
            try {
                Until.so("nothing to be held or waited for", () -> locks.roots().isEmpty());
            } catch (IllegalStateException inVain) {
                locks.roots().forEach(root -> problems.add("in the store is left: " + locks.list(root)));
            }
        } finally {
            client.shutdown();
        }
    }

    @Override
    public void close() {
        workers.forEach(WorkerProcess::close);
        server.close();
        redis.close();
    }
}
