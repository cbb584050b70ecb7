package dev.objectlock.redis;

import dev.objectlock.LockBackendException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockTime;
import dev.objectlock.Loss;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps holds in Redis or Valkey, for applications that run in several processes. Thread-safe.
 *
 * <p>Exclusion holds as long as the server keeps its data and hears the process. It can be broken by a process that is silent for
 * longer than its timeout and goes on, by a server that restarts without its data or evicts keys, and by a failover, since
 * replication is asynchronous: then the loss is told, and until the former owner has heard it the fence alone tells him from
 * his successor. Fences follow the clock of the server and never go back.
 *
 * <p>An operation is one script and one round trip. A stage may be completed by a thread of the connection, which must not be
 * blocked.
 */
public final class RedisLockBackend implements LockBackend {

    /** For what is left when the backend is closed: the store takes silent processes for dead anyway. */
    private static final Duration TO_LEAVE = Duration.ofSeconds(1);

    private final Settings settings;
    private final Teller teller = new Teller("objectlock-redis");
    private final Executor connecting = task -> {
        Thread thread = new Thread(task, "objectlock-redis-connecting");
        thread.setDaemon(true);
        thread.start();
    };
    private final List<RedisProcess> processes = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable CompletableFuture<Server> server;
    private boolean closed;

    RedisLockBackend(Settings settings) {
        this.settings = settings;
    }

    /**
     * Uses a server, or a primary that sentinels know, with the settings that most applications want.
     *
     * @param client knows where the server is; it is not closed with the backend
     * @return the backend
     */
    public static RedisLockBackend create(RedisClient client) {
        return builder(client).build();
    }

    /**
     * Uses a Cluster, with the settings that most applications want.
     *
     * @param client knows where the Cluster is; it is not closed with the backend
     * @return the backend
     */
    public static RedisLockBackend create(RedisClusterClient client) {
        return builder(client).build();
    }

    /**
     * Begins the settings for a server, or a primary that sentinels know.
     *
     * @param client knows where the server is; it is not closed with the backend
     * @return the builder
     */
    public static RedisLockBackendBuilder builder(RedisClient client) {
        return new RedisLockBackendBuilder(client);
    }

    /**
     * Begins the settings for a Cluster.
     *
     * @param client knows where the Cluster is; it is not closed with the backend
     * @return the builder
     */
    public static RedisLockBackendBuilder builder(RedisClusterClient client) {
        return new RedisLockBackendBuilder(client);
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public LockTime time() {
        return settings.time();
    }

    @Override
    public Optional<Duration> processTimeout() {
        return Optional.of(settings.processTimeout());
    }

    @Override
    public CompletionStage<JoinedProcess> join(ProcessListener listener) {
        String id = "p" + Secrets.next();
        return server().thenCompose(server -> {
            if (server.isCutOff()) {
                // What is sent would wait for a connection.
                return CompletableFuture.failedFuture(
                        new LockBackendException("there is no connection to Redis at the moment", true, null));
            }
            RedisProcess process = new RedisProcess(settings, server, id, listener, teller);
            return process.hearing()
                    .begin()
                    .toCompletableFuture()
                    .orTimeout(settings.replyTimeout().toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionallyCompose(denied -> CompletableFuture.failedFuture(Sending.told(denied)))
                    .thenCompose(heard -> joined(process.buckets().all().get(0)))
                    .thenCompose(first -> process.buckets().inAll(this::joined))
                    .handle((all, failure) -> {
                        if (failure != null) {
                            process.hearing().end();
                            throw failure instanceof RuntimeException plain ? plain : new CompletionException(failure);
                        }
                        processes.removeIf(RedisProcess::hasEnded);
                        processes.add(process);
                        return process;
                    });
        });
    }

    private CompletableFuture<Reply> joined(Bucket bucket) {
        String timeout = Wire.micros(settings.processTimeout());
        return bucket.run("join", timeout, Secrets.next(), Integer.toString(settings.buckets()))
                .thenApply(reply -> {
                    if (reply.is("buckets")) {
                        throw new LockConfigurationException("the store with the prefix '" + settings.prefix()
                                + "' is spread over " + reply.text(1) + " buckets, and this process is set to "
                                + settings.buckets() + ": all that share locks need the same buckets(...)");
                    }
                    bucket.joined(reply.text(1), Long.parseLong(reply.text(2)));
                    return reply;
                });
    }

    /** Connects with the first process; what fails is tried again by the next one. */
    private CompletableFuture<Server> server() {
        lock.lock();
        try {
            if (closed) {
                return CompletableFuture.failedFuture(
                        new LockBackendException("the Redis backend has been closed", true, null));
            }
            if (server == null || server.isCompletedExceptionally()) {
                // Connecting blocks, which nothing here may do to its caller.
                server = CompletableFuture.supplyAsync(() -> Server.connect(settings), connecting);
            }
            return server;
        } finally {
            lock.unlock();
        }
    }

    /** For tests: all that the store has told so far has been passed on when it returns. */
    void settle() {
        if (teller.isTelling()) {
            return;
        }
        processes.forEach(process -> process.buckets()
                .all()
                .forEach(bucket -> process.hearing().hear(bucket).join()));
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        teller.tell(() -> told.complete(true));
        told.join();
    }

    /** For tests: the buckets as one of the processes sees them. */
    List<Bucket> buckets() {
        return processes.isEmpty() ? List.of() : processes.get(0).buckets().all();
    }

    @Override
    public void close() {
        CompletableFuture<Server> connected;
        lock.lock();
        try {
            closed = true;
            connected = server;
        } finally {
            lock.unlock();
        }
        if (connected != null && connected.isDone() && !connected.isCompletedExceptionally()) {
            CompletableFuture<?>[] leaving = processes.stream()
                    .map(process -> process.leave().toCompletableFuture())
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(leaving)
                    .orTimeout(TO_LEAVE.toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionally(failure -> null)
                    .join();
        }
        processes.forEach(process -> process.hearing().close(Loss.Reason.CLOSED));
        teller.close();
        if (connected != null) {
            // Also of one that is only being made.
            connected.thenAccept(Server::close);
        }
    }

    @Override
    public String toString() {
        return "RedisLockBackend with the prefix " + settings.prefix() + " and " + settings.buckets() + " buckets";
    }
}
