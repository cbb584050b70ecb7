package dev.objectlock.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.weave.Woven;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs everything once, so that it does not rot. How long it takes is not looked at. */
class BenchmarksTest {

    private static final List<Class<?>> BENCHMARKS = List.of(
            ContentionBenchmark.class,
            DoorBenchmark.class,
            FullTreeBenchmark.class,
            UnrelatedBenchmark.class,
            WovenCallBenchmark.class);

    @TempDir
    private Path folder;

    @Test
    void everyBenchmarkRunsAndIsOnThePageOfResultsBesideItsPeer() throws Exception {
        Path json = folder.resolve("jmh.json");

        new Runner(new OptionsBuilder()
                        .forks(0)
                        .mode(Mode.SingleShotTime)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(1))
                        .param("holds", "10", "20")
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .result(json.toString())
                        .resultFormat(ResultFormatType.JSON)
                        .build())
                .run();

        List<Result> results = Result.read(json);
        String page = ResultsPage.of(results, "this machine", "300.0 bytes");
        for (Class<?> type : BENCHMARKS) {
            benchmarksOf(type).forEach(method -> {
                assertThat(results)
                        .anyMatch(result -> result.outerType().equals(type.getSimpleName())
                                && result.method().equals(method.getName()));
                Against against = method.getAnnotation(Against.class);
                if (against != null) {
                    assertThat(page)
                            .as("the peer of %s", method)
                            .containsPattern(method.getName() + "[^|]*\\|[^|]*\\|[^|]*\\|[^|]*\\| " + against.value()
                                    + " \\|[^|]*\\|[^|]*\\| " + against.target());
                }
            });
        }
    }

    @Test
    void whatIsMeasuredAsWovenIsWoven() {
        assertThat(Parts.class.getDeclaredMethods())
                .filteredOn(method -> method.isAnnotationPresent(Woven.class))
                .extracting(Method::getName)
                .containsExactlyInAnyOrder(
                        "monitor", "monitorWithResult", "monitorTwice", "user", "guarded", "guardedBelow");
    }

    @Test
    void theLoadProgramFindsThatHoldsTakeMemory() {
        assertThat(KeptHoldSize.bytesPerHold(20_000, 10)).isPositive();
    }

    private static Stream<Method> benchmarksOf(Class<?> type) {
        return Stream.of(type.getDeclaredMethods()).filter(method -> method.isAnnotationPresent(Benchmark.class));
    }
}
