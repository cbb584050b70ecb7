package dev.objectlock.examples.jobslots.worker;

import dev.objectlock.LockOwner;
import dev.objectlock.ObjectLocks;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.examples.jobslots.jobs.TaskBook;
import dev.objectlock.examples.jobslots.ledger.Report;
import dev.objectlock.redis.RedisLockBackend;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One of the processes that share slots and tasks. Ends with 0 when all tasks are done. */
public final class WorkerMain {

    private WorkerMain() {}

    /**
     * Runs a worker.
     *
     * @param args see {@link WorkerSettings#args}
     */
    public static void main(String[] args) throws InterruptedException {
        PrintStream out = System.out;
        System.setOut(System.err); // the real one is for reports
        boolean ended = run(WorkerSettings.of(args), new Reports(out, System.in));
        Runtime.getRuntime().halt(ended ? 0 : 1);
    }

    private static boolean run(WorkerSettings settings, Reports reports) throws InterruptedException {
        RedisClient client = RedisClient.create(settings.redis());
        LockBackend backend = RedisLockBackend.builder(client)
                .prefix(settings.prefix())
                .processTimeout(settings.timeout())
                .build();
        try (StatefulRedisConnection<String, String> connection = client.connect();
                ObjectLocks locks = ObjectLocks.builder()
                        .backend(backend)
                        .name("of worker " + settings.name())
                        .build()) {
            ObjectLocks.install(locks); // from here on @ObjectLock means this store
            TaskBook book = new TaskBook(connection.sync(), settings.prefix(), settings.night());
            reports.tell(new Report.Ready());
            return isDone(locks, settings, new Worker(settings, book, reports));
        } finally {
            backend.close();
            client.shutdown();
        }
    }

    private static boolean isDone(ObjectLocks locks, WorkerSettings settings, Worker worker)
            throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(settings.threads());
        LockOwner owner = LockOwner.application(settings.name()); // so that whoever looks sees whose slots they are
        Callable<Boolean> work = () -> locks.<Boolean, InterruptedException>callAs(owner, () -> {
            worker.work();
            return true;
        });
        List<Future<Boolean>> ends = new ArrayList<>(threads.invokeAll(Collections.nCopies(settings.threads(), work)));
        threads.shutdown();
        boolean done = true;
        for (Future<Boolean> end : ends) {
            try {
                done &= end.get();
            } catch (ExecutionException failed) {
                failed.printStackTrace();
                done = false;
            }
        }
        return done;
    }
}
