package dev.objectlock.redis;

import dev.objectlock.LockBackendException;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.BaseRedisAsyncCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.netty.util.Timer;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The server, or the Cluster: one connection to ask, one to listen. Thread-safe. */
final class Server implements AutoCloseable {

    private final Settings settings;
    private final StatefulConnection<String, String> asking;
    private final BaseRedisAsyncCommands<String, String> commands;
    private final Replicas replicas;
    private final Timer timer;
    private final StatefulRedisPubSubConnection<String, String> listening;

    private final Connections connections = new Connections();
    private volatile boolean closed;
    private final ReentrantLock lock = new ReentrantLock();

    /** By channel; one that nobody listens to is not subscribed to. */
    private final ConcurrentMap<String, Set<Listener>> listeners = new ConcurrentHashMap<>();

    private Server(
            Settings settings,
            StatefulConnection<String, String> asking,
            BaseRedisAsyncCommands<String, String> commands,
            Replicas replicas,
            StatefulRedisPubSubConnection<String, String> listening) {
        this.settings = settings;
        this.asking = asking;
        this.commands = commands;
        this.replicas = replicas;
        this.timer = settings.client().getResources().timer();
        this.listening = listening;
        listening.addListener(new Channels());
        settings.client().addListener(connections);
    }

    /**
     * Connects. Blocks as long as the client's settings let it.
     *
     * @throws LockBackendException if there is no server
     */
    static Server connect(Settings settings) {
        AbstractRedisClient client = settings.client();
        try {
            return client instanceof RedisClusterClient cluster
                    ? connected(settings, cluster)
                    : connected(settings, (RedisClient) client);
        } catch (RedisException unreachable) {
            throw new LockBackendException("no connection to Redis: " + Sending.reason(unreachable), true, unreachable);
        }
    }

    private static Server connected(Settings settings, RedisClusterClient cluster) {
        StatefulRedisClusterConnection<String, String> asking = cluster.connect(StringCodec.UTF8);
        try {
            return new Server(
                    settings,
                    asking,
                    asking.async(),
                    Replicas.of(asking, settings),
                    cluster.connectPubSub(StringCodec.UTF8));
        } catch (RedisException unreachable) {
            asking.closeAsync();
            throw unreachable;
        }
    }

    private static Server connected(Settings settings, RedisClient single) {
        StatefulRedisConnection<String, String> asking = single.connect(StringCodec.UTF8);
        try {
            return new Server(
                    settings,
                    asking,
                    asking.async(),
                    Replicas.of(asking, settings),
                    single.connectPubSub(StringCodec.UTF8));
        } catch (RedisException unreachable) {
            asking.closeAsync();
            throw unreachable;
        }
    }

    /** Whether a request would have to wait for a connection. A Cluster has many. */
    boolean isCutOff() {
        return !asking.isOpen();
    }

    /** Runs the script. The stage may be completed by a thread of the connection, which must not be blocked. */
    CompletableFuture<Reply> run(BucketKeys keys, String[] arguments, boolean grants) {
        CompletableFuture<Reply> reply = new Sending(commands, keys, arguments).within(settings.replyTimeout(), timer);
        if (!grants || settings.replicas() == 0) {
            return reply;
        }
        // Only now: what is sent behind the script may overtake it when the server has to be told its text.
        return reply.thenCompose(done -> replicas.await(keys.first()).thenApply(enough -> done))
                .orTimeout(settings.replyTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(Sending.told(failure)));
    }

    /** What is told by channels. Called by a thread of the connection, in order for each channel. */
    interface Listener {

        void message(String channel, String message);

        /** The subscription is there, or there again: something may have been missed. */
        void subscribed(String channel);

        /** There is a new connection to some server: it may not be the one that answered before. */
        void connected();
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
        lock.lock();
        try {
            List<String> unused = channels.stream()
                    .filter(channel -> remove(channel, listener))
                    .toList();
            if (!unused.isEmpty() && !closed) {
                // Also without a connection: the next one would subscribe to them again.
                listening.async().unsubscribe(unused.toArray(String[]::new));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether this was the last who listened. */
    private boolean remove(String channel, Listener listener) {
        boolean[] last = {false};
        listeners.computeIfPresent(channel, (name, all) -> {
            last[0] = all.remove(listener) && all.isEmpty();
            return all.isEmpty() ? null : all;
        });
        return last[0];
    }

    /** A connection of the client is there, perhaps to another server than before. */
    private final class Connections implements RedisConnectionStateListener {
        @Override
        public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
            listeners.values().stream().flatMap(Set::stream).distinct().forEach(Listener::connected);
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
        closed = true;
        settings.client().removeListener(connections);
        // The application may shut its client down next, which does not like to find connections that are about to
        // close.
        CompletableFuture.allOf(asking.closeAsync(), listening.closeAsync())
                .orTimeout(settings.replyTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> null)
                .join();
    }
}
