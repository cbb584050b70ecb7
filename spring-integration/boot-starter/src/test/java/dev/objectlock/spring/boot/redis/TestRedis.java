package dev.objectlock.spring.boot.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import redis.embedded.RedisServer;

/** Real servers: one that the tests of this JVM share, and some with other settings. They are stopped with the JVM. */
final class TestRedis {

    private static final int PORT = start();

    private TestRedis() {}

    /** Of the server that is shared. */
    static int port() {
        return PORT;
    }

    /** Starts another, with lines of a configuration file, and returns its port. */
    static int start(String... settings) {
        try {
            int port = freePort();
            var builder =
                    RedisServer.newRedisServer().port(port).bind("127.0.0.1").setting("save \"\"");
            for (String setting : settings) {
                builder.setting(setting);
            }
            RedisServer server = builder.build();
            server.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
            return port;
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
