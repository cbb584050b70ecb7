package dev.objectlock.examples.jobslots.play;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;
import redis.embedded.RedisServer;

/** The server: the one that {@code OBJECTLOCK_REDIS} names, or one that is started here and stopped with this. */
public final class Redis implements AutoCloseable {

    private static final String VARIABLE = "OBJECTLOCK_REDIS";

    private final String uri;
    private final @Nullable RedisServer own;

    private Redis(String uri, @Nullable RedisServer own) {
        this.uri = uri;
        this.own = own;
    }

    /** Finds or starts the server. */
    public static Redis open() {
        String named = System.getenv(VARIABLE);
        return named == null || named.isBlank() ? start() : new Redis(named, null);
    }

    private static Redis start() {
        try {
            int port = freePort();
            RedisServer server = RedisServer.newRedisServer()
                    .port(port)
                    .bind("127.0.0.1")
                    .setting("save \"\"")
                    .build();
            server.start();
            Redis redis = new Redis("redis://127.0.0.1:" + port, server);
            Runtime.getRuntime().addShutdownHook(new Thread(redis::close)); // also if this is ended from outside
            return redis;
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "no Redis could be started here; start one, and name it: " + VARIABLE + "=redis://localhost:6379",
                    failed);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Returns where it is. */
    public String uri() {
        return uri;
    }

    /** Says which it is, for people. */
    String text() {
        return own != null
                ? "one of its own at " + uri + " (" + VARIABLE + " would name another)"
                : "the one that " + VARIABLE + " names, " + uri;
    }

    @Override
    public void close() {
        if (own == null) {
            return;
        }
        try {
            own.stop();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
