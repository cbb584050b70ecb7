package dev.objectlock.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A Cluster of three primaries of one test. */
final class RedisCluster implements AutoCloseable {

    private static final int PRIMARIES = 3;

    private final List<OwnRedis> nodes;
    private final RedisClusterClient client;

    private RedisCluster(List<OwnRedis> nodes) {
        this.nodes = nodes;
        this.client =
                RedisClusterClient.create(nodes.stream().map(OwnRedis::uri).toList());
    }

    /** Comes back when every node knows that the Cluster is complete. */
    static RedisCluster start() {
        List<OwnRedis> nodes = new ArrayList<>();
        try {
            for (int i = 0; i < PRIMARIES; i++) {
                nodes.add(OwnRedis.start("--cluster-enabled", "yes", "--appendonly", "no"));
            }
            join(nodes);
        } catch (RuntimeException failed) {
            nodes.forEach(OwnRedis::close);
            throw failed;
        }
        return new RedisCluster(nodes);
    }

    RedisClusterClient client() {
        return client;
    }

    /** Each has a third of the slots. */
    List<OwnRedis> nodes() {
        return nodes;
    }

    private static void join(List<OwnRedis> nodes) {
        try (RedisClient client = RedisClient.create()) {
            List<RedisCommands<String, String>> all = nodes.stream()
                    .map(node -> client.connect(node.uri()))
                    .map(StatefulRedisConnection::sync)
                    .toList();
            for (int i = 0; i < all.size(); i++) {
                all.get(i).clusterSetConfigEpoch(i + 1);
                all.get(i).clusterAddSlots(slotsOf(i));
            }
            for (OwnRedis other : nodes.subList(1, nodes.size())) {
                all.get(0).clusterMeet("127.0.0.1", other.port());
            }
            all.forEach(node -> Until.so("a complete Cluster", () -> isComplete(node)));
        }
    }

    private static int[] slotsOf(int node) {
        return IntStream.range(SlotHash.SLOT_COUNT * node / PRIMARIES, SlotHash.SLOT_COUNT * (node + 1) / PRIMARIES)
                .toArray();
    }

    private static boolean isComplete(RedisCommands<String, String> node) {
        String info = node.clusterInfo();
        return info.contains("cluster_state:ok")
                && info.contains("cluster_known_nodes:" + PRIMARIES)
                && info.contains("cluster_slots_ok:" + SlotHash.SLOT_COUNT);
    }

    @Override
    public void close() {
        client.close();
        nodes.forEach(OwnRedis::close);
    }
}
