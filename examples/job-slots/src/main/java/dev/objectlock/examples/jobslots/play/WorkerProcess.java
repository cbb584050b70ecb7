package dev.objectlock.examples.jobslots.play;

import dev.objectlock.examples.jobslots.ledger.Report;
import dev.objectlock.examples.jobslots.worker.WorkerMain;
import dev.objectlock.examples.jobslots.worker.WorkerSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** A worker in a JVM of its own, on the class path of this one. Each of its lines is answered after it has been heard. */
public final class WorkerProcess implements AutoCloseable {

    /** They are many, small and short-lived. */
    private static final List<String> SMALL = List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final String name;
    private final Process process;
    private final CompletableFuture<Void> heard = new CompletableFuture<>();

    private WorkerProcess(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    /** Starts a worker; {@code hearing} is told its name and what it says, on a thread of its own. */
    public static WorkerProcess start(WorkerSettings settings, BiConsumer<String, Report> hearing) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SMALL);
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), WorkerMain.class.getName()));
        command.addAll(settings.args());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        WorkerProcess worker = new WorkerProcess(settings.name(), process);
        Runtime.getRuntime().addShutdownHook(new Thread(worker::close)); // a paused one would be left behind
        Thread hears = new Thread(() -> worker.hear(hearing), "hears-" + settings.name());
        hears.setDaemon(true);
        hears.start();
        return worker;
    }

    private void hear(BiConsumer<String, Report> hearing) {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                hearing.accept(name, Report.of(line));
                answer();
            }
            heard.complete(null);
        } catch (IOException | RuntimeException failed) {
            heard.completeExceptionally(failed);
            close();
        }
    }

    private void answer() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        } catch (IOException killed) {
            // It does not wait for the answer any more. What else it has said is read on.
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Returns how it ended: 0 if all tasks are done. Everything that it said has been heard then. */
    public int awaitEnd() throws InterruptedException {
        int code = process.waitFor();
        heard.join();
        return code;
    }

    /** Ends it at once, as the system does that runs out of memory. */
    public void kill() throws InterruptedException {
        close();
        awaitEnd();
    }

    /** Whether {@link #pause} can be asked for. */
    static boolean canPause() {
        return !System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows");
    }

    /** Stops it in the middle of whatever it does, as a suspended machine does. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Lets it go on. */
    void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -" + signal + " of worker " + name + " ended with " + code);
        }
    }

    @Override
    public void close() {
        process.toHandle().destroyForcibly(); // by its handle: the process itself would close its pipes, unread
    }
}
