package dev.objectlock.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/**
 * Threads work on 10,000 objects that have nothing to do with each other, each under a root of its own. Calls of all
 * threads together: how many times one thread's the calls of two are is how it scales, and {@code keyOnly} says how far
 * the machine lets it.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public abstract class UnrelatedBenchmark extends Measured {

    private static final int OBJECTS = 10_000;

    /** The yardstick. */
    @Threads(1)
    public static class OneThread extends UnrelatedBenchmark {}

    /** What is compared with it. */
    @Threads(2)
    public static class TwoThreads extends UnrelatedBenchmark {}

    /** Each thread goes round all objects, far from where the others are. */
    @State(Scope.Thread)
    public static class Worker {

        private static final AtomicInteger STARTS = new AtomicInteger();

        final Parts own = new Parts();
        private int next = STARTS.getAndAdd(OBJECTS / 2 + 1) % OBJECTS;

        String nextOf(String[] cells) {
            next = next + 1 == OBJECTS ? 0 : next + 1;
            return cells[next];
        }
    }

    private final LockMap lockMap = new LockMap();
    private final String[] cells =
            IntStream.range(0, OBJECTS).mapToObj(Integer::toString).toArray(String[]::new);

    private String part = "gripper";

    @Benchmark
    @Against(value = "OneThread", target = "at least 1.8 times")
    public void monitor(Worker worker) {
        worker.own.monitor(worker.nextOf(cells), part);
    }

    @Benchmark
    @Against("OneThread")
    public void guarded(Worker worker) {
        worker.own.guarded(worker.nextOf(cells), part);
    }

    @Benchmark
    @Against("OneThread")
    public void lockMap(Worker worker) {
        String cell = worker.nextOf(cells);
        String key = "cell:" + cell + "/" + part;
        LockMap.Entry taken = lockMap.lock(key);
        try {
            worker.own.plain(cell, part);
        } finally {
            lockMap.unlock(key, taken);
        }
    }

    /** No lock, only its name. */
    @Benchmark
    @Against("OneThread")
    public int keyOnly(Worker worker) {
        return ("cell:" + worker.nextOf(cells) + "/" + part).hashCode();
    }
}
