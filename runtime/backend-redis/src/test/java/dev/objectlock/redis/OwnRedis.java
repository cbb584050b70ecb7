package dev.objectlock.redis;

import io.lettuce.core.RedisURI;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real server of one test, which is killed, frozen and started again with its data or without. It writes down every change
 * before it answers, so that a kill loses nothing that was answered. Used by one thread at a time.
 */
public final class OwnRedis implements AutoCloseable {

    /** Below the ports that systems give to outgoing connections, which would take one away while the server is down. */
    private static final int FIRST_PORT = 12_000;

    private static final int PORTS = 10_000;

    /** A Cluster talks on a port so much above. */
    private static final int BUS = 10_000;

    private static final int PING_TIMEOUT_MS = 500;
    private static final Duration END = Duration.ofSeconds(10);

    private final int port;
    private final Path folder;
    private final List<String> command;
    private final Thread atExit = new Thread(this::end);
    private Process process;

    private OwnRedis(List<String> settings) throws IOException {
        port = freePort();
        folder = Files.createTempDirectory("objectlock-redis");
        command = new ArrayList<>(List.of(RedisExecutable.path().toString(), "--port", Integer.toString(port)));
        command.addAll(List.of("--bind", "127.0.0.1", "--dir", folder.toString(), "--save", ""));
        command.addAll(List.of("--appendonly", "yes", "--appendfsync", "always"));
        command.addAll(settings);
        process = launched();
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Starts an empty server on a free port.
     *
     * @param settings more of them, as on its command line: {@code "--cluster-enabled", "yes"}
     * @return the server, which answers
     */
    public static OwnRedis start(String... settings) {
        try {
            OwnRedis redis = new OwnRedis(List.of(settings));
            redis.awaitReady();
            return redis;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * Returns the port, which stays the same.
     *
     * @return on 127.0.0.1
     */
    public int port() {
        return port;
    }

    /**
     * Returns where a client finds it.
     *
     * @return the address
     */
    public RedisURI uri() {
        return RedisURI.create("127.0.0.1", port);
    }

    /** As {@code kill -9}. Comes back when it is dead. */
    public void kill() {
        end();
    }

    /** Starts it again with what it knew when it was killed. */
    public void restart() {
        kill();
        try {
            process = launched();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        awaitReady();
    }

    /** Starts it again without what it knew. */
    public void restartEmpty() {
        kill();
        delete(folder, false);
        restart();
    }

    /** It keeps its connections, and answers nothing. */
    public void freeze() {
        Signals.stop(process.pid());
    }

    /** It goes on after {@link #freeze}. */
    public void thaw() {
        Signals.go(process.pid());
    }

    /** Kills it and deletes what it has written. */
    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        end();
        delete(folder, true);
    }

    private Process launched() throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log()))
                .start();
    }

    private File log() {
        return folder.resolve("server.log").toFile();
    }

    private void awaitReady() {
        try {
            Until.so("a server on port " + port, () -> {
                if (!process.isAlive()) {
                    throw new IllegalStateException("it has ended with " + process.exitValue());
                }
                return ping();
            });
        } catch (IllegalStateException inVain) {
            throw new IllegalStateException("its log: " + logged(), inVain);
        }
    }

    private boolean ping() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PING_TIMEOUT_MS);
            OutputStream out = socket.getOutputStream();
            out.write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(5), StandardCharsets.US_ASCII).equals("+PONG");
        }
    }

    private String logged() {
        try {
            return Files.readString(log().toPath());
        } catch (IOException none) {
            return "none";
        }
    }

    private void end() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the server on port " + port + " does not end");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path folder, boolean itself) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> all = files.sorted(Comparator.reverseOrder())
                    .filter(file -> itself || !file.equals(folder))
                    .toList();
            for (Path file : all) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static int freePort() throws IOException {
        IOException last = new IOException("no port tried");
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = FIRST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
            try {
                new ServerSocket(port).close();
                new ServerSocket(port + BUS).close();
                return port;
            } catch (IOException taken) {
                last = taken;
            }
        }
        throw last;
    }
}
