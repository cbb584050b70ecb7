package dev.objectlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.api.sync.RedisAdvancedClusterCommands;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the fault runs stand on: servers that do as they are told. */
@Tag("own-server")
class OwnServersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    @Test
    void whatWasAnsweredIsThereAfterAKillAndGoneIfItIsStartedEmpty() {
        try (OwnRedis redis = OwnRedis.start()) {
            assertThat(in(redis, commands -> commands.set("key", "value"))).isEqualTo("OK");
            redis.kill();
            redis.restart();
            assertThat(in(redis, commands -> commands.get("key"))).isEqualTo("value");
            redis.restartEmpty();
            assertThat(in(redis, commands -> commands.get("key"))).isNull();
        }
    }

    @Test
    void aFrozenServerAnswersWhenItHasThawed() {
        try (OwnRedis redis = OwnRedis.start()) {
            redis.freeze();
            assertThatThrownBy(() -> in(redis, RedisCommands::ping)).isInstanceOf(RedisException.class);
            redis.thaw();
            assertThat(in(redis, RedisCommands::ping)).isEqualTo("PONG");
        }
    }

    @Test
    void aClusterSpreadsKeysOverThreeServers() {
        try (RedisCluster cluster = RedisCluster.start();
                var connection = cluster.client().connect()) {
            RedisAdvancedClusterCommands<String, String> commands = connection.sync();
            for (int i = 0; i < 100; i++) {
                commands.set("key" + i, "value");
            }
            assertThat(cluster.nodes()).allSatisfy(node -> assertThat(in(node, its -> Long.toString(its.dbsize())))
                    .isNotIn("0", "100"));
        }
    }

    private static String in(OwnRedis redis, Function<RedisCommands<String, String>, String> body) {
        RedisURI uri = redis.uri();
        uri.setTimeout(PATIENCE);
        try (RedisClient client = RedisClient.create(uri);
                var connection = client.connect()) {
            return body.apply(connection.sync());
        }
    }
}
