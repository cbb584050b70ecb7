package dev.objectlock.redis;

import dev.objectlock.testkit.CrossSystemCases;
import dev.objectlock.testkit.RobotRaconteurCases;
import dev.objectlock.testkit.StoreUnderTest;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** Two suites of cases in a Cluster of three. {@link RedisClusterConformanceTest} runs them all, which takes longer. */
@Tag("own-server")
class RedisClusterTest {

    private static RedisCluster cluster;
    private static RedisStore.Where where;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.start();
        RedisClusterCommands<String, String> commands =
                cluster.client().connect().sync();
        where = new RedisStore.Where() {
            @Override
            public RedisLockBackendBuilder builder() {
                return RedisLockBackend.builder(cluster.client()).buckets(4);
            }

            @Override
            public RedisClusterCommands<String, String> commands() {
                return commands;
            }
        };
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Nested
    class RobotRaconteur extends RobotRaconteurCases {
        @Override
        protected StoreUnderTest open() {
            return RedisStore.settled(where);
        }
    }

    @Nested
    class CrossSystem extends CrossSystemCases {
        @Override
        protected StoreUnderTest open() {
            return RedisStore.settled(where);
        }
    }
}
