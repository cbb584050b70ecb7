package dev.objectlock.redis;

import dev.objectlock.LockTime;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps holds in Redis or Valkey, for applications that run in several processes. Thread-safe.
 */
public final class RedisLockBackend implements LockBackend {

    private final Settings settings;

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
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
