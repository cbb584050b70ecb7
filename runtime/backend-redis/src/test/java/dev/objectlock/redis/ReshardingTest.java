package dev.objectlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A bucket that moves from one server of a Cluster to another, key by key. */
@Tag("own-server")
class ReshardingTest {

    private static final LockPath ARM = LockPath.of("cell:7", "arm");
    private static final int BUCKETS = 1;
    private static final String IN_BUCKET = "objectlock:{0}:";
    private static final int SLOT = SlotHash.getSlot(IN_BUCKET);
    private static final int TIMEOUT_MS = 5000;

    @Test
    void holdsMoveAlongAndRequestsMeanwhileAreRefused() {
        try (RedisCluster cluster = RedisCluster.start();
                RedisClient admin = RedisClient.create()) {
            List<RedisCommands<String, String>> nodes = cluster.nodes().stream()
                    .map(node -> admin.connect(node.uri()))
                    .map(StatefulRedisConnection::sync)
                    .toList();
            RedisLockBackend backend =
                    RedisLockBackend.builder(cluster.client()).buckets(BUCKETS).build();
            try (ObjectLocks locks = ObjectLocks.builder().backend(backend).build()) {
                Hold kept = locks.callAs(
                        LockOwner.user("alice"),
                        () -> locks.acquire(LockRequest.user(ARM).keep()));
                int from = SLOT * nodes.size() / SlotHash.SLOT_COUNT;
                move(locks, cluster, nodes, from, (from + 1) % nodes.size());
                locks.run(LockRequest.monitor(LockPath.of("cell:8")), () -> {});
                assertThat(kept.isHeld()).isTrue();
                kept.close();
                assertThat(locks.roots()).isEmpty();
            }
            backend.close();
        }
    }

    private static void move(
            ObjectLocks locks, RedisCluster cluster, List<RedisCommands<String, String>> nodes, int from, int to) {
        RedisCommands<String, String> source = nodes.get(from);
        String target = nodes.get(to).clusterMyId();
        nodes.get(to).clusterSetSlotImporting(SLOT, source.clusterMyId());
        source.clusterSetSlotMigrating(SLOT, target);
        List<String> keys = source.clusterGetKeysInSlot(SLOT, 10);
        assertThat(keys).contains(IN_BUCKET + "s", IN_BUCKET + "i", IN_BUCKET + "d");
        int port = cluster.nodes().get(to).port();
        for (String key : keys) {
            source.migrate("127.0.0.1", port, key, 0, TIMEOUT_MS);
            if (!key.equals(keys.get(keys.size() - 1))) {
                assertThatThrownBy(() -> locks.acquire(LockRequest.monitor(ARM)))
                        .isInstanceOfSatisfying(
                                LockBackendException.class,
                                refused -> assertThat(refused.isOutcomeKnown()).isTrue())
                        .hasMessageContaining("TRYAGAIN");
            }
        }
        nodes.forEach(node -> node.clusterSetSlotNode(SLOT, target));
    }
}
