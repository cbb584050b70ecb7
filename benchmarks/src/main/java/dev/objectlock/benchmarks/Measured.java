package dev.objectlock.benchmarks;

import dev.objectlock.ObjectLocks;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How everything is measured unless a class or the command line says otherwise, and the engine that is measured.
 *
 * <p>The heap has one size and is touched before: else what is measured first is how fast the system hands out memory.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@State(Scope.Benchmark)
public abstract class Measured {

    /**
     * Calls of an entered owner are measured in rounds of this many, so that entering does not count: one that works
     * enters once, and then calls.
     */
    static final int CALLS = 1_000;

    final ObjectLocks locks = ObjectLocks.builder().build();

    /** Begins. */
    @Setup
    public void install() {
        ObjectLocks.install(locks);
    }

    /** Ends. */
    @TearDown
    public void close() {
        locks.close();
    }
}
