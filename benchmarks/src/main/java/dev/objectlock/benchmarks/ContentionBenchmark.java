package dev.objectlock.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** Several threads want the same object, or different objects under one root. Calls of all threads together. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public abstract class ContentionBenchmark extends Measured {

    /** As many threads as a small machine has cores. */
    @Threads(2)
    public static class TwoThreads extends ContentionBenchmark {}

    /** More threads than a small machine has cores. */
    @Threads(8)
    public static class EightThreads extends ContentionBenchmark {}

    /** What one thread works with where it does not share. */
    @State(Scope.Thread)
    public static class Worker {

        private static final AtomicInteger NUMBERS = new AtomicInteger();

        final Parts own = new Parts();
        final ReentrantLock ownLock = new ReentrantLock();
        final String part = "gripper-" + NUMBERS.incrementAndGet();
    }

    private final Parts parts = new Parts();
    private final ReentrantLock lock = new ReentrantLock();
    private final LockMap lockMap = new LockMap();

    private String cell = "7";
    private String part = "gripper";

    @Benchmark
    @Against("oneObjectLockMap")
    public void oneObject() {
        parts.monitor(cell, part);
    }

    @Benchmark
    public void oneObjectLockMap() {
        viaLockMap(parts, part);
    }

    @Benchmark
    public void oneObjectReentrantLock() {
        via(lock, parts, part);
    }

    @Benchmark
    @Against("differentObjectsLockMap")
    public void differentObjects(Worker worker) {
        worker.own.monitor(cell, worker.part);
    }

    @Benchmark
    public void differentObjectsLockMap(Worker worker) {
        viaLockMap(worker.own, worker.part);
    }

    @Benchmark
    public void differentObjectsReentrantLock(Worker worker) {
        via(worker.ownLock, worker.own, worker.part);
    }

    private void viaLockMap(Parts called, String name) {
        String key = "cell:" + cell + "/" + name;
        LockMap.Entry taken = lockMap.lock(key);
        try {
            called.plain(cell, name);
        } finally {
            lockMap.unlock(key, taken);
        }
    }

    private void via(ReentrantLock taken, Parts called, String name) {
        taken.lock();
        try {
            called.plain(cell, name);
        } finally {
            taken.unlock();
        }
    }
}
