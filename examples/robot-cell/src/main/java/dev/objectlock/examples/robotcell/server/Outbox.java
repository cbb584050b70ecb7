package dev.objectlock.examples.robotcell.server;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The lines on their way to one client, sent by a thread of its own: a client that does not read must not hold up
 * whoever has something to tell it. Thread-safe.
 */
final class Outbox implements Runnable {

    private static final int CAPACITY = 1_000;

    private final Socket socket;

    /** An empty one is the end. */
    private final BlockingQueue<Optional<String>> lines = new ArrayBlockingQueue<>(CAPACITY);

    Outbox(Socket socket) {
        this.socket = socket;
    }

    /** Sends a line; who lets a thousand of them pile up is cut off. */
    void send(String line) {
        put(Optional.of(line));
    }

    /** Sends a line that may as well be left out, if the client is slow. */
    void sendIfQuick(String line) {
        if (lines.size() < CAPACITY / 2) {
            send(line);
        }
    }

    /** Closes the connection after what has been sent. */
    void finish() {
        put(Optional.empty());
    }

    private void put(Optional<String> line) {
        if (!lines.offer(line)) {
            Sockets.close(socket);
        }
    }

    @Override
    public void run() {
        try (BufferedWriter out =
                new BufferedWriter(new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8))) {
            for (Optional<String> line = lines.take(); line.isPresent(); line = lines.take()) {
                out.write(line.get());
                out.write('\n');
                if (lines.isEmpty()) {
                    out.flush();
                }
            }
        } catch (IOException gone) {
            // The reader of the connection notices, too, and ends it.
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } finally {
            Sockets.close(socket);
        }
    }
}
