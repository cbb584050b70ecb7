package dev.objectlock.benchmarks;

import com.google.common.util.concurrent.Striped;
import dev.objectlock.LockOwner;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
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
    public void noLock() {
        parts.plain(cell, part);
    }

    @Benchmark
    @Against(value = "naiveLockMap", target = "no slower, no more bytes")
    public void monitor() {
        parts.monitor(cell, part);
    }

    @Benchmark
    @Against("monitor")
    public long monitorWithResult() {
        return parts.monitorWithResult(cell, part);
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    @Against(value = "naiveLockMap", target = "no slower, no more bytes")
    public void user() {
        locks.runAs(ALICE, () -> {
            for (int i = 0; i < CALLS; i++) {
                parts.user(cell, part);
            }
        });
    }

    @Benchmark
    @Against("user")
    public void userEnteredEachTime() {
        locks.runAs(ALICE, () -> parts.user(cell, part));
    }

    @Benchmark
    @Against(value = "naiveLockMap", target = "at most half")
    public void guarded() {
        parts.guarded(cell, part);
    }

    @Benchmark
    public void oneReentrantLock() {
        lock.lock();
        try {
            parts.plain(cell, part);
        } finally {
            lock.unlock();
        }
    }

    @Benchmark
    public void naiveLockMap() {
        naiveLockMap(key());
    }

    @Benchmark
    public void naiveLockMapReadyKey() {
        naiveLockMap(readyKey);
    }

    private void naiveLockMap(String key) {
        ReentrantLock taken = naiveLockMap.lock(key);
        try {
            parts.plain(cell, part);
        } finally {
            naiveLockMap.unlock(key, taken);
        }
    }

    @Benchmark
    public void lockMap() {
        lockMap(key());
    }

    @Benchmark
    public void lockMapReadyKey() {
        lockMap(readyKey);
    }

    private void lockMap(String key) {
        LockMap.Entry taken = lockMap.lock(key);
        try {
            parts.plain(cell, part);
        } finally {
            lockMap.unlock(key, taken);
        }
    }

    @Benchmark
    public void striped() {
        locked(striped.get(key()));
    }

    @Benchmark
    public void stripedReadyKey() {
        locked(striped.get(readyKey));
    }

    @Benchmark
    public void lockRegistry() {
        locked(lockRegistry.obtain(key()));
    }

    @Benchmark
    public void lockRegistryReadyKey() {
        locked(lockRegistry.obtain(readyKey));
    }

    private void locked(Lock taken) {
        taken.lock();
        try {
            parts.plain(cell, part);
        } finally {
            taken.unlock();
        }
    }
}
