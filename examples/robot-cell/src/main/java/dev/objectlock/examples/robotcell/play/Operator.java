package dev.objectlock.examples.robotcell.play;

import dev.objectlock.examples.robotcell.server.Reply;
import dev.objectlock.examples.robotcell.server.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Somebody at the other end of a connection: sends lines, and sorts what comes back. For one thread. */
public final class Operator implements AutoCloseable {

    /** Far more than anything in here takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Socket socket;
    private final OutputStream out;
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<Answer> notices = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> progress = new LinkedBlockingQueue<>();
    private final Semaphore poses = new Semaphore(0);

    /**
     * What came back, and when.
     *
     * @param reply what came
     * @param at the nano time of its arrival
     */
    public record Answer(Reply reply, long at) {}

    public Operator(int port) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        this.out = socket.getOutputStream();
        Thread reader = new Thread(this::read, "operator");
        reader.setDaemon(true);
        reader.start();
    }

    /** Sends a line and waits for the answer. */
    public Answer ask(String line) throws IOException, InterruptedException {
        send(line);
        return answer();
    }

    /** Sends a line and waits until the server says that it is under way, or over already. */
    public void begin(String line) throws IOException, InterruptedException {
        progress.clear();
        send(line);
        arrived(progress, "news of '" + line + "'");
    }

    /** Waits for the answer to a line. */
    public Answer answer() throws InterruptedException {
        return arrived(answers, "an answer");
    }

    /** Waits for a notice. */
    public Answer notice() throws InterruptedException {
        return arrived(notices, "a notice");
    }

    /** Waits for so many more poses. */
    public void awaitPoses(int count) throws InterruptedException {
        poses.drainPermits();
        if (!poses.tryAcquire(count, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException(count + " poses did not come in " + PATIENCE.toSeconds() + " s");
        }
    }

    /** Breaks the connection the way a pulled plug does: without a word. */
    public void die() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private void send(String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static <T> T arrived(BlockingQueue<T> queue, String what) throws InterruptedException {
        T found = queue.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (found == null) {
            throw new IllegalStateException(what + " did not come in " + PATIENCE.toSeconds() + " s");
        }
        return found;
    }

    private void read() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                sort(line, System.nanoTime());
            }
        } catch (IOException closed) {
            // By this side or the other: then nothing more comes, and whoever waits for it says so.
        }
    }

    private void sort(String line, long now) {
        if (line.startsWith(Wire.POSE)) {
            poses.release();
        } else if (line.startsWith(Wire.PROGRESS)) {
            progress.add(line.substring(Wire.PROGRESS.length()));
        } else if (line.startsWith(Wire.NOTICE)) {
            notices.add(new Answer(Reply.parse(line.substring(Wire.NOTICE.length())), now));
        } else {
            // First, so that it is not taken for news of the next line.
            progress.add(line);
            answers.add(new Answer(Reply.parse(line), now));
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
