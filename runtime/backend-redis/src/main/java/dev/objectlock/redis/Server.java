package dev.objectlock.redis;

import dev.objectlock.LockBackendException;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The server, or the Cluster: one connection to ask, one to listen. Thread-safe. */
final class Server implements AutoCloseable {

    /** Errors before which the script has not begun. */
    private static final List<String> NOTHING_DONE = List.of(
            "READONLY",
            "OOM",
            "LOADING",
            "MASTERDOWN",
            "CLUSTERDOWN",
            "NOREPLICAS",
            "NOPERM",
            "NOAUTH",
            "MISCONF",
            "TRYAGAIN",
            "BUSY");

    private final Settings settings;
    private final StatefulConnection<String, String> asking;
    private final RedisScriptingAsyncCommands<String, String> scripts;
    private final Replicas replicas;
    private final StatefulRedisPubSubConnection<String, String> listening;

    /** By channel; one that nobody listens to is not subscribed to. */
    private final ConcurrentMap<String, Set<Listener>> listeners = new ConcurrentHashMap<>();

    private Server(
            Settings settings,
            StatefulConnection<String, String> asking,
            RedisScriptingAsyncCommands<String, String> scripts,
            Replicas replicas,
            StatefulRedisPubSubConnection<String, String> listening) {
        this.settings = settings;
        this.asking = asking;
        this.scripts = scripts;
        this.replicas = replicas;
        this.listening = listening;
        listening.addListener(new Channels());
    }

    /**
     * Connects. Blocks as long as the client's settings let it.
     *
     * @throws LockBackendException if there is no server
     */
    static Server connect(Settings settings) {
        AbstractRedisClient client = settings.client();
        try {
            if (client instanceof RedisClusterClient cluster) {
                StatefulRedisClusterConnection<String, String> asking = cluster.connect(StringCodec.UTF8);
                return new Server(
                        settings,
                        asking,
                        asking.async(),
                        Replicas.of(asking, settings),
                        cluster.connectPubSub(StringCodec.UTF8));
            }
            RedisClient single = (RedisClient) client;
            StatefulRedisConnection<String, String> asking = single.connect(StringCodec.UTF8);
            return new Server(
                    settings,
                    asking,
                    asking.async(),
                    Replicas.of(asking, settings),
                    single.connectPubSub(StringCodec.UTF8));
        } catch (RedisException unreachable) {
            throw new LockBackendException("no connection to Redis: " + reason(unreachable), true, unreachable);
        }
    }

    /** Runs the script. The stage may be completed by a thread of the connection, which must not be blocked. */
    CompletableFuture<Reply> run(String[] keys, String[] arguments, boolean grants) {
        CompletableFuture<List<?>> sent;
        try {
            sent = scripts.<List<?>>evalsha(BucketScript.DIGEST, ScriptOutputType.MULTI, keys, arguments)
                    .toCompletableFuture();
        } catch (RuntimeException refused) {
            return CompletableFuture.failedFuture(told(refused));
        }
        CompletableFuture<Reply> reply = sent.handle((parts, failure) -> orWithText(parts, failure, keys, arguments))
                .thenCompose(Function.identity());
        if (grants && settings.replicas() > 0) {
            reply = reply.thenCombine(replicas.await(keys[0]), (done, enough) -> done);
        }
        return reply.orTimeout(settings.replyTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> {
                    // If it is still waiting for a connection, it need not be sent any more.
                    sent.cancel(true);
                    return CompletableFuture.failedFuture(told(failure));
                });
    }

    /** The server forgets its scripts when it restarts. */
    private CompletionStage<Reply> orWithText(
            @Nullable List<?> parts, @Nullable Throwable failure, String[] keys, String[] arguments) {
        if (failure == null) {
            return CompletableFuture.completedFuture(new Reply(Objects.requireNonNull(parts)));
        }
        return unwrap(failure) instanceof RedisNoScriptException
                ? scripts.<List<?>>eval(BucketScript.TEXT, ScriptOutputType.MULTI, keys, arguments)
                        .thenApply(Reply::new)
                : CompletableFuture.failedFuture(failure);
    }

    private static LockBackendException told(Throwable failure) {
        Throwable cause = unwrap(failure);
        if (cause instanceof LockBackendException known) {
            return known;
        }
        if (cause instanceof TimeoutException) {
            return new LockBackendException("Redis has not answered in time", false, cause);
        }
        boolean nothingDone = cause instanceof RedisCommandExecutionException
                && NOTHING_DONE.stream().anyMatch(reason(cause)::startsWith);
        return new LockBackendException("Redis did not answer as it should: " + reason(cause), nothingDone, cause);
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null
                ? cause.getClass().getSimpleName()
                : cause.getMessage()
                        + (cause.getCause() == null || cause.getCause().getMessage() == null
                                ? ""
                                : ": " + cause.getCause().getMessage());
    }

    static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** What is told by channels. Called by a thread of the connection, in order for each channel. */
    interface Listener {

        void message(String channel, String message);

        /** The subscription is there, or there again: something may have been missed. */
        void subscribed(String channel);
    }

    CompletionStage<Void> listen(Listener listener, Collection<String> channels) {
        List<String> fresh =
                channels.stream().filter(channel -> add(channel, listener)).toList();
        return fresh.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : listening.async().subscribe(fresh.toArray(String[]::new));
    }

    private boolean add(String channel, Listener listener) {
        boolean[] first = {false};
        listeners.compute(channel, (name, known) -> {
            first[0] = known == null;
            Set<Listener> all = known == null ? ConcurrentHashMap.newKeySet() : known;
            all.add(listener);
            return all;
        });
        return first[0];
    }

    void unlisten(Listener listener, Collection<String> channels) {
        List<String> unused = channels.stream()
                .filter(channel -> listeners.computeIfPresent(channel, (name, all) -> {
                            all.remove(listener);
                            return all.isEmpty() ? null : all;
                        })
                        == null)
                .toList();
        if (!unused.isEmpty() && listening.isOpen()) {
            listening.async().unsubscribe(unused.toArray(String[]::new));
        }
    }

    private final class Channels extends RedisPubSubAdapter<String, String> {
        @Override
        public void message(String channel, String message) {
            listeners.getOrDefault(channel, Set.of()).forEach(listener -> listener.message(channel, message));
        }

        @Override
        public void subscribed(String channel, long count) {
            listeners.getOrDefault(channel, Set.of()).forEach(listener -> listener.subscribed(channel));
        }
    }

    @Override
    public void close() {
        asking.closeAsync();
        listening.closeAsync();
    }
}
