package dev.objectlock.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.Optional;
import redis.embedded.RedisServer;

/**
 * The server that the tests of this JVM share: a real one that is started with the first of them, or the one that {@code
 * OBJECTLOCK_REDIS} names. Each test has a prefix of its own in it.
 */
final class TestRedis {

    /** For instance {@code redis://localhost:6379}. */
    private static final Optional<String> NAMED = Optional.ofNullable(System.getenv("OBJECTLOCK_REDIS"));

    private static final RedisURI URI = RedisURI.create(NAMED.orElseGet(TestRedis::start));
    private static final RedisClient CLIENT = RedisClient.create(URI);

    private TestRedis() {}

    static RedisClient client() {
        return CLIENT;
    }

    static RedisURI uri() {
        return URI;
    }

    private static String start() {
        try {
            int port = freePort();
            RedisServer server = RedisServer.newRedisServer()
                    .port(port)
                    .bind("127.0.0.1")
                    .setting("save \"\"")
                    .build();
            server.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
            return "redis://127.0.0.1:" + port;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void stop(RedisServer server) {
        try {
            server.stop();
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
