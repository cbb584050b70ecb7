package dev.objectlock.redis.faults;

import dev.objectlock.redis.Signals;
import dev.objectlock.redis.Until;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A worker JVM, as the run sees it, with the wire to its store. Used by one thread. */
final class WorkerProcess implements AutoCloseable {

    private static final Path LOGS = Path.of("target", "fault-run");

    /** All that was tried and failed, and when. */
    private static final List<String> LOGGING = List.of(
            "-Dorg.slf4j.simpleLogger.log.dev.objectlock=debug",
            "-Dorg.slf4j.simpleLogger.log.dev.objectlock.engine=debug",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS");

    private final int number;
    private final TcpProxy wire;
    private final Path log;
    private final Process process;

    /**
     * Starts one.
     *
     * @param setup what it is told, with the port of the wire
     * @param wire to its store
     */
    WorkerProcess(WorkerSetup setup, TcpProxy wire) {
        this.number = setup.number();
        this.wire = wire;
        this.log = LOGS.resolve(setup.store() + "-worker-" + number + ".log");
        try {
            Files.createDirectories(LOGS);
            process = new ProcessBuilder(command(setup))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static List<String> command(WorkerSetup setup) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
        command.addAll(LOGGING);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Worker.class.getName()));
        command.addAll(setup.words());
        return command;
    }

    int number() {
        return number;
    }

    TcpProxy wire() {
        return wire;
    }

    /** It stands still, wherever it is. */
    void pause() {
        Signals.stop(process.pid());
    }

    void goOn() {
        Signals.go(process.pid());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Returns whether it ended by itself and well; if it hangs, its threads are in its log. */
    boolean endsByItself() {
        try {
            if (process.waitFor(Until.LONG.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue() == 0;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        logThreads();
        return false;
    }

    /** It goes on if it was stopped, and writes into its log what each of its threads does. */
    void logThreads() {
        goOn();
        Signals.send("QUIT", process.pid());
    }

    /** Where to look when it did not do what it should. */
    Path log() {
        return log.toAbsolutePath();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        wire.close();
    }
}
