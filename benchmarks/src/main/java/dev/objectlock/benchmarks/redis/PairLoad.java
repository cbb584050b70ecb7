package dev.objectlock.benchmarks.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads of one process that take and give back as fast as they can: each an object of its own, or all the same. */
final class PairLoad {

    private static final long LONGEST_START_SECONDS = 30;

    private final Peer peer;
    private final int threads;
    private final boolean oneObject;
    private final long warmUpNanos;
    private final long measureNanos;
    private final CyclicBarrier start;
    private volatile long from;

    PairLoad(Peer peer, int threads, boolean oneObject, Effort effort) {
        this.peer = peer;
        this.threads = threads;
        this.oneObject = oneObject;
        this.warmUpNanos = effort.warmUp().toNanos();
        this.measureNanos = effort.measure().toNanos();
        this.start = new CyclicBarrier(threads, () -> from = System.nanoTime() + warmUpNanos);
    }

    /** Runs it once. Returns how long each pair took. */
    Durations run() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Durations>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                running.add(pool.submit(() -> work(number)));
            }
            Durations all = new Durations();
            for (Future<Durations> one : running) {
                all.addAll(one.get());
            }
            return all;
        } finally {
            pool.shutdownNow();
        }
    }

    private Durations work(int number) throws Exception {
        Durations pairs = new Durations();
        peer.run("worker-" + number, () -> {
            Mutex mutex = peer.mutex(oneObject ? 0 : number);
            start.await(LONGEST_START_SECONDS, TimeUnit.SECONDS);
            pairsInto(pairs, mutex);
        });
        return pairs;
    }

    private void pairsInto(Durations pairs, Mutex mutex) throws Exception {
        long first = from;
        long end = first + measureNanos;
        for (long before = System.nanoTime(); before < end; ) {
            mutex.acquire();
            mutex.release();
            long after = System.nanoTime();
            // Whatever ends in the time that is measured counts, so that calls which last longer do not count too much.
            if (after >= first && after < end) {
                pairs.add(after - before);
            }
            before = after;
        }
    }
}
