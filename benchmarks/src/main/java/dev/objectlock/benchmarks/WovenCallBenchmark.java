package dev.objectlock.benchmarks;

import com.google.common.util.concurrent.Striped;
import dev.objectlock.LockOwner;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.infra.Blackhole;
import org.springframework.integration.support.locks.DefaultLockRegistry;

/**
 * One thread calls a method whose lock nobody else wants: woven, and with what one would write by hand. The key of the
 * peers is built from the same two values as the path; where it lies ready the name says so.
 */
public class WovenCallBenchmark extends Measured {

    private static final LockOwner ALICE = LockOwner.user("alice");

    private final Parts parts = new Parts();
    private final ReentrantLock lock = new ReentrantLock();
    private final NaiveLockMap naiveLockMap = new NaiveLockMap();
    private final LockMap lockMap = new LockMap();
    private final Striped<Lock> striped = Striped.lock(1024);
    private final DefaultLockRegistry lockRegistry = new DefaultLockRegistry();

    private String cell = "7";
    private String part = "gripper";
    private String readyKey = key();

    private String key() {
        return "cell:" + cell + "/" + part;
    }

    @Benchmark
    public long noLock() {
        return parts.plain(cell, part);
    }

    @Benchmark
    @Against(value = "naiveLockMap", target = "no slower, no more bytes")
    public long monitor() {
        return parts.monitor(cell, part);
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    @Against(value = "naiveLockMap", target = "no slower, no more bytes")
    public void user(Blackhole blackhole) {
        locks.runAs(ALICE, () -> {
            for (int i = 0; i < CALLS; i++) {
                blackhole.consume(parts.user(cell, part));
            }
        });
    }

    @Benchmark
    @Against("user")
    public long userEnteredEachTime() {
        return locks.callAs(ALICE, () -> parts.user(cell, part));
    }

    @Benchmark
    @Against(value = "naiveLockMap", target = "at most half")
    public long guarded() {
        return parts.guarded(cell, part);
    }

    @Benchmark
    public long oneReentrantLock() {
        lock.lock();
        try {
            return parts.plain(cell, part);
        } finally {
            lock.unlock();
        }
    }

    @Benchmark
    public long naiveLockMap() {
        return naiveLockMap(key());
    }

    @Benchmark
    public long naiveLockMapReadyKey() {
        return naiveLockMap(readyKey);
    }

    private long naiveLockMap(String key) {
        ReentrantLock taken = naiveLockMap.lock(key);
        try {
            return parts.plain(cell, part);
        } finally {
            naiveLockMap.unlock(key, taken);
        }
    }

    @Benchmark
    public long lockMap() {
        return lockMap(key());
    }

    @Benchmark
    public long lockMapReadyKey() {
        return lockMap(readyKey);
    }

    private long lockMap(String key) {
        LockMap.Entry taken = lockMap.lock(key);
        try {
            return parts.plain(cell, part);
        } finally {
            lockMap.unlock(key, taken);
        }
    }

    @Benchmark
    public long striped() {
        return locked(striped.get(key()));
    }

    @Benchmark
    public long stripedReadyKey() {
        return locked(striped.get(readyKey));
    }

    @Benchmark
    public long lockRegistry() {
        return locked(lockRegistry.obtain(key()));
    }

    @Benchmark
    public long lockRegistryReadyKey() {
        return locked(lockRegistry.obtain(readyKey));
    }

    private long locked(Lock taken) {
        taken.lock();
        try {
            return parts.plain(cell, part);
        } finally {
            taken.unlock();
        }
    }
}
