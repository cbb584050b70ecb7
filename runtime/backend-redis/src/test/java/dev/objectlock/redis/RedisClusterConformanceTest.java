package dev.objectlock.redis;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The Redis backend passes all cases in a Cluster of three, with several buckets. Not in the build: see CONTRIBUTING.md. */
@Tag("long")
class RedisClusterConformanceTest extends RedisConformanceTest {

    /** Fewer than an application would have: each is asked at every step of a case. */
    private static final int BUCKETS = 3;

    private static RedisCluster cluster;
    private static Where where;

    /** The Cluster of these tests. */
    private record Where(RedisCluster cluster, RedisClusterCommands<String, String> commands)
            implements RedisStore.Where {
        @Override
        public RedisLockBackendBuilder builder() {
            return RedisLockBackend.builder(cluster.client()).buckets(BUCKETS);
        }
    }

    @BeforeAll
    static void start() {
        cluster = RedisCluster.start();
        where = new Where(cluster, cluster.client().connect().sync());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    RedisStore.Where where() {
        return where;
    }

    @Override
    protected Amounts amounts() {
        return new Amounts(8, 2, 2_000);
    }
}
