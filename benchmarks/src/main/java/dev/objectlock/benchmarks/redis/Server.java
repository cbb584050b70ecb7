package dev.objectlock.benchmarks.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.embedded.RedisServer;

/**
 * The server that all peers use: one of the program's own, or the one that {@code OBJECTLOCK_REDIS} names, for instance
 * {@code redis://localhost:6379}, which asks for no password.
 */
final class Server implements AutoCloseable {

    /** What clients send to get and keep a connection, and this program itself. */
    private static final Set<String> NOT_OF_A_LOCK =
            Set.of("info", "monitor", "config", "ping", "client", "hello", "command", "select", "flushall");

    private static final Pattern CALLS = Pattern.compile("cmdstat_(\\w+)\\S*:calls=(\\d+),.*");

    private final RedisURI uri;
    private final @Nullable RedisServer own;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final RedisCommands<String, String> commands;

    private Server(RedisURI uri, @Nullable RedisServer own) {
        this.uri = uri;
        this.own = own;
        this.client = RedisClient.create(uri);
        this.connection = client.connect();
        this.commands = connection.sync();
    }

    static Server open() throws IOException {
        String named = System.getenv("OBJECTLOCK_REDIS");
        if (named != null) {
            return new Server(RedisURI.create(named), null);
        }
        int port = freePort();
        RedisServer started = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .build();
        started.start();
        return new Server(RedisURI.create("127.0.0.1", port), started);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    RedisURI uri() {
        return uri;
    }

    /** Forgets everything, if it is the program's own. */
    void flush() {
        if (own != null) {
            commands.flushall();
        }
    }

    String describe() {
        return (own == null ? "" : "started by the program, ") + field("server", "redis_mode") + ", version "
                + field("server", "redis_version");
    }

    /** The time of the processor that it has used, in seconds. */
    double cpu() {
        return Double.parseDouble(field("cpu", "used_cpu_user")) + Double.parseDouble(field("cpu", "used_cpu_sys"));
    }

    /** How many commands it has carried out, those that scripts call included. */
    long executed() {
        return calls(Server::isOfALock);
    }

    /** How many scripts it has run. They cannot call each other, so each has been sent by a client. */
    long scripts() {
        return calls(Set.of("eval", "evalsha")::contains);
    }

    private long calls(Predicate<String> counted) {
        return commands.info("commandstats")
                .lines()
                .map(CALLS::matcher)
                .filter(line -> line.matches() && counted.test(line.group(1)))
                .mapToLong(line -> Long.parseLong(line.group(2)))
                .sum();
    }

    static boolean isOfALock(String command) {
        return !NOT_OF_A_LOCK.contains(command.toLowerCase(Locale.ROOT));
    }

    private String field(String section, String name) {
        Optional<String> line = commands.info(section)
                .lines()
                .filter(one -> one.startsWith(name + ":"))
                .findFirst();
        return line.map(one -> one.substring(name.length() + 1).strip()).orElse("0");
    }

    /** How long it takes to ask something and to be answered, one question after the other or with pauses between them. */
    Durations roundTrips(Effort effort, long pauseNanos) {
        Durations trips = new Durations();
        long from = System.nanoTime() + effort.warmUp().toNanos();
        long end = from + effort.measure().toNanos();
        for (long before = System.nanoTime(); before < end; before = System.nanoTime()) {
            commands.ping();
            if (before >= from) {
                trips.add(System.nanoTime() - before);
            }
            if (pauseNanos > 0) {
                LockSupport.parkNanos(pauseNanos);
            }
        }
        return trips;
    }

    @Override
    public void close() throws IOException {
        connection.close();
        client.shutdown();
        if (own != null) {
            own.stop();
        }
    }
}
