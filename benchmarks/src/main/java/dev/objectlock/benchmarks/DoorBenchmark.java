package dev.objectlock.benchmarks;

import dev.objectlock.Attempt;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
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
    public void run() {
        locks.run(monitor, () -> parts.plain(cell, part));
    }

    @Benchmark
    @Against("run")
    public void runRequestBuilt() {
        LockRequest built = LockRequest.monitor(LockPath.of("cell:" + cell, part));
        locks.run(built, () -> parts.plain(cell, part));
    }

    @Benchmark
    @Against("run")
    public void tryAcquire() {
        try (Attempt attempt = locks.tryAcquire(monitor)) {
            if (attempt.isGranted()) {
                parts.plain(cell, part);
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public void keepAndRelease(Blackhole blackhole) {
        locks.runAs(ALICE, () -> {
            for (int i = 0; i < CALLS; i++) {
                locks.acquire(kept);
                blackhole.consume(locks.release(kept.paths().get(0)));
            }
        });
    }

    /** One run, inside a run that holds the same. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    @Against("run")
    public void runInsideRun() {
        locks.run(monitor, () -> {
            for (int i = 0; i < CALLS; i++) {
                locks.run(monitor, () -> parts.plain(cell, part));
            }
        });
    }

    /** One woven call, inside a run that holds the same. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    @Against("run")
    public void wovenInsideRun() {
        locks.run(monitor, () -> {
            for (int i = 0; i < CALLS; i++) {
                parts.monitor(cell, part);
            }
        });
    }

    /** Two woven calls, the one inside the other. */
    @Benchmark
    @Against("run")
    public void wovenInsideWoven() {
        parts.monitorTwice(cell, part);
    }
}
