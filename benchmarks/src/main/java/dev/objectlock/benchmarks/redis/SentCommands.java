package dev.objectlock.benchmarks.redis;

import io.lettuce.core.RedisURI;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts the commands that all clients send, with {@code MONITOR}, which costs the server something: never in the time that
 * is measured.
 */
final class SentCommands implements AutoCloseable {

    private static final Pattern LINE = Pattern.compile("\\+[\\d.]+ \\[\\d+ (.+?)] \"(\\w+)\".*");

    private final Socket socket;
    private final BufferedReader lines;
    private final AtomicLong count = new AtomicLong();

    SentCommands(RedisURI uri) throws IOException {
        socket = new Socket(uri.getHost(), uri.getPort());
        lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        socket.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.UTF_8));
        String answer = lines.readLine();
        if (!"+OK".equals(answer)) {
            throw new IOException("MONITOR was answered with " + answer);
        }
        Thread reader = new Thread(this::read, "monitor");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (isSent(line)) {
                    count.incrementAndGet();
                }
            }
        } catch (IOException closed) {
            // That is how it ends.
        }
    }

    /** Whether a line of MONITOR is a command for a lock, sent by a client and not called by a script. */
    static boolean isSent(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.matches() && !matcher.group(1).equals("lua") && Server.isOfALock(matcher.group(2));
    }

    long count() {
        return count.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
