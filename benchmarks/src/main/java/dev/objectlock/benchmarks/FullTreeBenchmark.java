package dev.objectlock.benchmarks;

import dev.objectlock.Attempt;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/** Requests in one tree in which few or very many locks are kept, by one user or by a thousand. */
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xms4g", "-Xmx4g", "-XX:+AlwaysPreTouch"})
public class FullTreeBenchmark extends Measured {

    private static final String TARGET = "as fast as with 10";

    private static final LockOwner BOB = LockOwner.user("bob");

    /** How many are kept. */
    @Param({"10", "1000000"})
    public int holds;

    /** By how many users. */
    @Param({"1", "1000"})
    public int users;

    private final Parts parts = new Parts();
    private final LockRequest free = LockRequest.user(LockPath.of("cell:7", "bench", "camera"));
    private final LockRequest taken = LockRequest.user(arm(5));
    private final LockRequest allOfIt = LockRequest.user(LockPath.of("cell:7"));
    private final LockRequest toKeep =
            LockRequest.user(LockPath.of("cell:7", "bench", "light")).keep();

    private String cell = "7";
    private String part = "bench";

    private static LockPath arm(int robot) {
        return LockPath.of("cell:7", "robot:" + robot, "arm");
    }

    private static LockOwner user(int number) {
        return LockOwner.user("user-" + number);
    }

    /** Fills the tree. */
    @Setup
    public void fill() {
        for (int i = 0; i < users; i++) {
            int first = i;
            locks.runAs(user(i), () -> {
                for (int robot = first; robot < holds; robot += users) {
                    locks.acquire(LockRequest.user(arm(robot)).keep());
                }
            });
        }
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    @Against(value = "holds=10", target = TARGET)
    public void grant(Blackhole blackhole) {
        ask(BOB, free, blackhole);
    }

    /** By a lock on the object. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    @Against(value = "holds=10", target = TARGET)
    public void refusal(Blackhole blackhole) {
        ask(BOB, taken, blackhole);
    }

    /** By any lock below the object. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    @Against(value = "holds=10", target = TARGET)
    public void refusalByWhatIsBelow(Blackhole blackhole) {
        ask(BOB, allOfIt, blackhole);
    }

    private void ask(LockOwner owner, LockRequest request, Blackhole blackhole) {
        locks.runAs(owner, () -> {
            for (int i = 0; i < CALLS; i++) {
                try (Attempt attempt = locks.tryAcquire(request)) {
                    blackhole.consume(attempt);
                }
            }
        });
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    @Against(value = "holds=10", target = TARGET)
    public void keepAndRelease(Blackhole blackhole) {
        locks.runAs(BOB, () -> {
            for (int i = 0; i < CALLS; i++) {
                locks.acquire(toKeep);
                blackhole.consume(locks.release(toKeep.paths().get(0)));
            }
        });
    }

    /** A woven check of an object that nobody has. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    @Against(value = "holds=10", target = TARGET)
    public void guarded() {
        locks.runAs(BOB, () -> {
            for (int i = 0; i < CALLS; i++) {
                parts.guardedBelow(cell, part);
            }
        });
    }

    /** Somebody checks that an object is their own. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    @Against(value = "holds=10", target = TARGET)
    public void requireHeld() {
        LockPath own = taken.paths().get(0);
        locks.runAs(user(5 % users), () -> {
            for (int i = 0; i < CALLS; i++) {
                locks.requireHeld(own);
            }
        });
    }
}
