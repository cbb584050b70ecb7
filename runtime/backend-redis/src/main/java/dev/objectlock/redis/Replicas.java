package dev.objectlock.redis;

import dev.objectlock.LockBackendException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Waits until enough replicas have what was last sent over a connection. */
final class Replicas {

    private final Settings settings;
    private final Function<String, CompletionStage<Long>> waiting;

    private Replicas(Settings settings, Function<String, CompletionStage<Long>> waiting) {
        this.settings = settings;
        this.waiting = waiting;
    }

    static Replicas of(StatefulRedisConnection<String, String> connection, Settings settings) {
        long millis = settings.replicaTimeout().toMillis();
        return new Replicas(settings, key -> connection.async().waitForReplication(settings.replicas(), millis));
    }

    /** The connection to the node of the key is the one over which the script has been sent. */
    static Replicas of(StatefulRedisClusterConnection<String, String> connection, Settings settings) {
        long millis = settings.replicaTimeout().toMillis();
        return new Replicas(settings, key -> {
            RedisURI node = connection
                    .getPartitions()
                    .getMasterBySlot(SlotHash.getSlot(key))
                    .getUri();
            return connection.getConnectionAsync(node.getHost(), node.getPort()).thenCompose(one -> one.async()
                    .waitForReplication(settings.replicas(), millis));
        });
    }

    CompletableFuture<Boolean> await(String key) {
        CompletionStage<Long> reached;
        try {
            reached = waiting.apply(key);
        } catch (RuntimeException refused) {
            reached = CompletableFuture.failedFuture(refused);
        }
        return reached.toCompletableFuture().thenApply(count -> {
            if (count < settings.replicas()) {
                throw new LockBackendException(
                        "only " + count + " of " + settings.replicas() + " replicas have it after "
                                + settings.replicaTimeout().toMillis() + " ms",
                        false,
                        null);
            }
            return true;
        });
    }
}
