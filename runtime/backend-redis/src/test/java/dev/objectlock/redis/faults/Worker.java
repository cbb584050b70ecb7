package dev.objectlock.redis.faults;

import dev.objectlock.LockBackendException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.redis.Until;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The program of a worker JVM. It ends by itself when it is told to stop, or when the run is gone. */
final class Worker {

    private final WorkerSetup setup;

    private Worker(WorkerSetup setup) {
        this.setup = setup;
    }

    /**
     * Runs a worker.
     *
     * @param words what {@link WorkerSetup#words} gave
     */
    public static void main(String[] words) throws InterruptedException {
        new Worker(WorkerSetup.of(words)).run();
    }

    private void run() throws InterruptedException {
        try (Talk news = new Talk(setup.resourcePort(), "worker " + setup.number());
                StallWatch watch =
                        new StallWatch(setup.processTimeout().dividedBy(2), nanos -> news.say("stalled " + nanos))) {
            watch.start();
            Store.Opened store = setup.store().open(setup);
            ObjectLocks locks = joined(new WatchedBackend(store.backend(), () -> news.say("joined")));
            try {
                work(locks, news);
            } finally {
                end(locks);
                store.close().run();
            }
        }
    }

    /** A machine that is busy with many starting processes may be too slow at first. */
    private ObjectLocks joined(LockBackend backend) {
        AtomicReference<@Nullable ObjectLocks> locks = new AtomicReference<>();
        Until.so("a store to join", () -> {
            locks.set(ObjectLocks.builder()
                    .backend(backend)
                    .name("worker-" + setup.number())
                    .build());
            return true;
        });
        return Objects.requireNonNull(locks.get());
    }

    private void work(ObjectLocks locks, Talk news) throws InterruptedException {
        List<Thread> threads = IntStream.range(0, setup.threads())
                .mapToObj(index -> new Thread(new WorkerThread(setup, index, locks, news), "work-" + index))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void end(ObjectLocks locks) {
        try {
            locks.close();
        } catch (LockBackendException unreachable) {
            // The store takes the process for dead when it has not heard of it for long enough.
        }
    }
}
