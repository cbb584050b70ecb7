package dev.objectlock.benchmarks;

import dev.objectlock.Attempt;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.Released;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.infra.Blackhole;

/** Locks asked for in code, by one thread, wanted by nobody else. */
public class DoorBenchmark extends Measured {

    private static final LockOwner ALICE = LockOwner.user("alice");

    private final Parts parts = new Parts();
    private final LockRequest monitor = LockRequest.monitor(LockPath.of("cell:7", "gripper"));
    private final LockRequest kept =
            LockRequest.user(LockPath.of("cell:7", "robot", "arm")).keep();

    private String cell = "7";
    private String part = "gripper";

    @Benchmark
    public long call() {
        return locks.call(monitor, () -> parts.plain(cell, part));
    }

    @Benchmark
    @Against("call")
    public long callRequestBuilt() {
        LockRequest built = LockRequest.monitor(LockPath.of("cell:" + cell, part));
        return locks.call(built, () -> parts.plain(cell, part));
    }

    @Benchmark
    @Against("call")
    public long tryAcquire() {
        try (Attempt attempt = locks.tryAcquire(monitor)) {
            return attempt.isGranted() ? parts.plain(cell, part) : 0;
        }
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public void keepAndRelease(Blackhole blackhole) {
        locks.runAs(ALICE, () -> {
            for (int i = 0; i < CALLS; i++) {
                locks.acquire(kept);
                Released released = locks.release(LockPath.of("cell:7", "robot", "arm"));
                blackhole.consume(released);
            }
        });
    }

    /** One call, inside a call that holds the same. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    @Against("call")
    public void callInsideCall(Blackhole blackhole) {
        locks.run(monitor, () -> {
            for (int i = 0; i < CALLS; i++) {
                blackhole.consume((long) locks.call(monitor, () -> parts.plain(cell, part)));
            }
        });
    }

    /** One woven call, inside a call that holds the same. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    @Against("call")
    public void wovenInsideCall(Blackhole blackhole) {
        locks.run(monitor, () -> {
            for (int i = 0; i < CALLS; i++) {
                blackhole.consume(parts.monitor(cell, part));
            }
        });
    }

    /** Two woven calls, the one inside the other. */
    @Benchmark
    @Against("call")
    public long wovenInsideWoven() {
        return parts.monitorTwice(cell, part);
    }
}
