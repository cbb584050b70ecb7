package dev.objectlock.benchmarks.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Processes that want one object, and how long it takes from the release in one to the entry in another. */
final class HandOvers implements AutoCloseable {

    private static final long START_NANOS = 100_000_000;
    private static final long LONGEST_END_SECONDS = 10;

    private final Server server;
    private final Effort effort;
    private final Path file;
    private final Turnstile turnstile;
    private final List<Process> processes = new ArrayList<>();
    private final List<BufferedReader> answers = new ArrayList<>();

    HandOvers(Server server, int count, Effort effort) throws IOException {
        this.server = server;
        this.effort = effort;
        this.file = Files.createTempFile("turnstile", "");
        this.turnstile = Turnstile.at(file);
        for (int i = 0; i < count; i++) {
            processes.add(start(i));
        }
        processes.forEach(process -> answers.add(process.inputReader(StandardCharsets.UTF_8)));
        for (BufferedReader answer : answers) {
            expect(answer, "ready");
        }
    }

    private Process start(int number) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        HandOverProcess.class.getName(),
                        server.uri().toURI().toString(),
                        file.toString(),
                        Integer.toString(number))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** One turn of one peer. */
    Figure.Round run(Candidate peer) throws IOException, InterruptedException {
        tellAll("open " + peer.name());
        long from = System.nanoTime() + START_NANOS + effort.warmUp().toNanos();
        long measured = from + effort.measure().toNanos();
        long end = measured + effort.count().toNanos();
        sendAll("run " + (from - effort.warmUp().toNanos()) + " " + end);
        sleepUntil(from);
        long executed = server.executed();
        long turn = turnstile.turn();
        sleepUntil(measured);
        double executedEach = (double) (server.executed() - executed) / (turnstile.turn() - turn);
        double sentEach = sentEach(end);
        List<Visit> visits = new ArrayList<>();
        for (BufferedReader answer : answers) {
            visits.addAll(Visit.readAll(read(answer)));
        }
        tellAll("close");
        if (turnstile.overlaps() > 0) {
            throw new IllegalStateException("two processes were inside with " + peer.label());
        }
        return new Figure.Round(
                Visit.handOvers(visits, from, measured), effort.measure().toMillis() / 1e3, sentEach, executedEach);
    }

    private double sentEach(long end) throws IOException, InterruptedException {
        try (SentCommands sent = new SentCommands(server.uri())) {
            long before = sent.count();
            long turn = turnstile.turn();
            sleepUntil(end);
            return (double) (sent.count() - before) / (turnstile.turn() - turn);
        }
    }

    private void tellAll(String line) throws IOException {
        sendAll(line);
        for (BufferedReader answer : answers) {
            expect(answer, "done");
        }
    }

    private void sendAll(String line) throws IOException {
        for (Process process : processes) {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        }
    }

    private static void expect(BufferedReader answer, String expected) throws IOException {
        String line = read(answer);
        if (!line.equals(expected)) {
            throw new IOException("a process that was to say \"" + expected + "\" said " + line);
        }
    }

    private static String read(BufferedReader answer) throws IOException {
        String line = answer.readLine();
        if (line == null) {
            throw new IOException("a process has ended; see what it said");
        }
        return line;
    }

    private static void sleepUntil(long time) throws InterruptedException {
        long left = time - System.nanoTime();
        if (left > 0) {
            Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
        }
    }

    /** Ends the processes. */
    @Override
    public void close() throws IOException {
        for (Process process : processes) {
            process.getOutputStream().close();
        }
        for (Process process : processes) {
            process.onExit()
                    .completeOnTimeout(process, LONGEST_END_SECONDS, TimeUnit.SECONDS)
                    .join();
            process.destroyForcibly();
        }
        Files.delete(file);
    }
}
