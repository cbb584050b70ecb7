package dev.objectlock.spring.boot.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.spring.boot.app.plain.Gate;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import redis.embedded.RedisSentinel;

/** The locks are where the application's connection goes, and get in as it does. */
@Tag("own-server")
class RedisConnectionTest {

    private static final int HASH_SLOTS = 16_384;

    private final String prefix = RedisApplications.prefix();
    private final ApplicationContextRunner runner = RedisApplications.undecided()
            .withPropertyValues("objectlock.backend=redis", "objectlock.redis.prefix=" + prefix);

    @Test
    void thePasswordIsUsed() {
        int port = TestRedis.start("requirepass open");
        ApplicationContextRunner guarded = runner.withPropertyValues("spring.data.redis.port=" + port);

        guarded.withPropertyValues("spring.data.redis.password=open")
                .run(context -> assertThat(keysInGate(context.getBean(Gate.class), url(port, "open", 0)))
                        .isNotEmpty());
        guarded.run(context -> assertThat(context).getFailure().hasStackTraceContaining("NOAUTH"));
    }

    @Test
    void theDatabaseIsUsed() {
        runner.withPropertyValues("spring.data.redis.port=" + TestRedis.port(), "spring.data.redis.database=3")
                .run(context -> {
                    Gate gate = context.getBean(Gate.class);
                    assertThat(keysInGate(gate, url(TestRedis.port(), "", 3))).isNotEmpty();
                    assertThat(keysInGate(gate, url(TestRedis.port(), "", 0))).isEmpty();
                });
    }

    @Test
    void sentinelsAreAsked() throws IOException {
        int port = TestRedis.freePort();
        RedisSentinel sentinel = RedisSentinel.newRedisSentinel()
                .port(port)
                .masterName("primary")
                .masterPort(TestRedis.port())
                .quorumSize(1)
                .build();
        sentinel.start();
        try {
            runner.withPropertyValues(
                            "spring.data.redis.sentinel.master=primary",
                            "spring.data.redis.sentinel.nodes=127.0.0.1:" + port,
                            "spring.data.redis.database=4")
                    .run(context -> assertThat(keysInGate(context.getBean(Gate.class), url(TestRedis.port(), "", 4)))
                            .isNotEmpty());
        } finally {
            sentinel.stop();
        }
    }

    @Test
    void aClusterIsOne(@TempDir Path files) {
        int port = TestRedis.start("cluster-enabled yes", "dir " + files);
        RedisURI url = url(port, "", 0);
        try (RedisClient client = RedisClient.create(RedisApplications.THREADS, url);
                var connection = client.connect()) {
            connection.sync().clusterAddSlots(IntStream.range(0, HASH_SLOTS).toArray());
            await().until(() -> connection.sync().clusterInfo().contains("cluster_state:ok"));
        }
        runner.withPropertyValues("spring.data.redis.cluster.nodes=127.0.0.1:" + port)
                .run(context -> assertThat(keysInGate(context.getBean(Gate.class), url))
                        .as("a bucket is one hash slot, and there are several")
                        .anyMatch(key -> !key.contains("{0}")));
    }

    @Test
    void whatTheApplicationMakesItselfIsUsedAlso() {
        RedisStandaloneConfiguration server = new RedisStandaloneConfiguration("127.0.0.1", TestRedis.port());
        server.setDatabase(5);
        LettuceConnectionFactory factory = new LettuceConnectionFactory(server);
        factory.setEarlyStartup(false);
        runner.withBean(LettuceConnectionFactory.class, () -> factory)
                .run(context -> assertThat(keysInGate(context.getBean(Gate.class), url(TestRedis.port(), "", 5)))
                        .isNotEmpty());
    }

    /** It would be taken for a server on this machine. */
    @Test
    void fixedAddressesOfAPrimaryAndItsReplicasAreRefused() {
        runner.withBean(
                        LettuceConnectionFactory.class,
                        () -> new LettuceConnectionFactory(
                                new RedisStaticMasterReplicaConfiguration("127.0.0.1", TestRedis.port())))
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(LockConfigurationException.class)
                        .hasMessageContaining("fixed addresses of a primary and its replicas"));
    }

    @Test
    void aServerOnThisMachineThatIsNotThereIsNotTakenForThat() {
        runner.withPropertyValues("objectlock.without-store=proceed", "spring.data.redis.port=6379")
                .run(context -> assertThat(context.getBean(ObjectLocks.class).backendName())
                        .isEqualTo("redis"));
    }

    private List<String> keysInGate(Gate gate, RedisURI url) {
        List<String> keys = new ArrayList<>();
        try (RedisClient client = RedisClient.create(RedisApplications.THREADS, url);
                var connection = client.connect()) {
            gate.pass("7", () -> keys.addAll(connection.sync().keys(prefix + ":*")));
        }
        return keys;
    }

    private static RedisURI url(int port, String password, int database) {
        RedisURI.Builder url =
                RedisURI.builder().withHost("127.0.0.1").withPort(port).withDatabase(database);
        return password.isEmpty()
                ? url.build()
                : url.withPassword(password.toCharArray()).build();
    }
}
