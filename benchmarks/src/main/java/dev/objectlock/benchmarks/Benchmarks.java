package dev.objectlock.benchmarks;

import dev.objectlock.benchmarks.redis.RedisBenchmarks;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmarks, from the module's folder.
 *
 * <pre>{@code
 * all [JMH options]       everything, and writes RESULTS.md; the default
 * size                    the load program KeptHoldSize alone
 * page                    writes RESULTS.md again from the last figures
 * redis [what]            everything over Redis, see RedisBenchmarks, and writes RESULTS-REDIS.md
 * JMH options             for instance "WovenCall.monitor -f 1"
 * }</pre>
 *
 * Each run of JMH leaves its figures in {@code target/jmh.json} and, to be read, {@code target/jmh.txt}.
 */
public final class Benchmarks {

    private static final Path JSON = Path.of("target", "jmh.json");
    private static final Path TEXT = Path.of("target", "jmh.txt");
    private static final Path SIZE = Path.of("target", "kept-hold-size.txt");
    private static final Path PAGE = Path.of("RESULTS.md");

    private Benchmarks() {}

    /**
     * Runs what is asked for.
     *
     * @param args see above
     * @throws Exception if anything fails
     */
    public static void main(String[] args) throws Exception {
        String what = args.length == 0 ? "all" : args[0];
        switch (what) {
            case "all" -> {
                measureSize();
                runJmh(args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length));
                writePage();
            }
            case "redis" ->
                RedisBenchmarks.run(Machine.describe(), List.of(args).subList(1, args.length));
            case "size" -> measureSize();
            case "page" -> writePage();
            default -> runJmh(args);
        }
    }

    private static void runJmh(String[] args) throws CommandLineOptionException, RunnerException, IOException {
        CommandLineOptions said = new CommandLineOptions(args);
        OptionsBuilder options = new OptionsBuilder();
        options.parent(said).shouldFailOnError(true);
        if (said.getProfilers().isEmpty()) {
            options.addProfiler(GCProfiler.class);
        }
        if (!said.getResult().hasValue()) {
            options.result(JSON.toString()).resultFormat(ResultFormatType.JSON);
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        try (PrintStream out = new PrintStream(Files.newOutputStream(TEXT))) {
            ResultFormatFactory.getInstance(ResultFormatType.TEXT, out).writeOut(results);
        }
    }

    /** In a JVM of its own, with a heap that does not grow. */
    private static void measureSize() throws IOException, InterruptedException {
        Process load = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms3g",
                        "-Xmx3g",
                        "-XX:+UseParallelGC",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        KeptHoldSize.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(new File(SIZE.toString()))
                .start();
        if (load.waitFor() != 0) {
            throw new IllegalStateException("the load program failed with status " + load.exitValue());
        }
        System.out.print(Files.readString(SIZE));
    }

    private static void writePage() throws IOException {
        Files.writeString(PAGE, ResultsPage.of(Result.read(JSON), Machine.describe(), Files.readString(SIZE)));
        System.out.println("written: " + PAGE);
    }
}
