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
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A primary with a replica: what waits for it, and what is left when the primary dies. */
@Tag("own-server")
@SuppressWarnings("try")
class FailoverTest {

    private static final LockPath ARM = LockPath.of("cell:7", "arm");
    private static final LockPath DRAFT = LockPath.of("draft:1");
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void aGrantWaitsForTheReplicaAndOneThatHasNotReachedItIsUndone() {
        try (OwnRedis primary = OwnRedis.start();
                OwnRedis replica = replicaOf(primary);
                RedisClient client = RedisClient.create(primary.uri());
                ObjectLocks locks = locks(client, 1)) {
            awaitGrant(locks).close();
            replica.freeze();
            assertThatThrownBy(() -> locks.acquire(LockRequest.monitor(ARM)))
                    .isInstanceOfSatisfying(LockBackendException.class, unknown -> assertThat(unknown.isOutcomeKnown())
                            .isFalse())
                    .hasMessageContaining("0 of 1 replicas");
            Until.so("that it is undone", () -> locks.roots().isEmpty());
            replica.thaw();
            awaitGrant(locks).close();
        }
    }

    @Test
    void whenThePrimaryDiesTheLocksGoOnWithTheReplica() throws IOException {
        try (OwnRedis primary = OwnRedis.start();
                OwnRedis replica = replicaOf(primary);
                Sentinel sentinel = new Sentinel(primary);
                RedisClient client = RedisClient.create(sentinel.uri());
                ObjectLocks locks = locks(client, 0)) {
            awaitGrant(locks).close();
            Hold kept = locks.callAs(
                    LockOwner.user("alice"),
                    () -> locks.acquire(LockRequest.user(DRAFT).keep()));
            awaitReplica(primary);
            primary.kill();
            try (Hold next = awaitGrant(locks)) {
                assertThat(next.fence()).isGreaterThan(kept.fence());
                assertThat(locks.list(DRAFT)).singleElement().satisfies(hold -> assertThat(hold.id())
                        .isEqualTo(kept.id()));
                assertThat(kept.isHeld()).isTrue();
            }
            kept.close();
            assertThat(locks.roots()).isEmpty();
        }
    }

    private static OwnRedis replicaOf(OwnRedis primary) {
        return OwnRedis.start("--replicaof", "127.0.0.1", Integer.toString(primary.port()));
    }

    private static ObjectLocks locks(RedisClient client, int replicas) {
        return ObjectLocks.builder()
                .backend(RedisLockBackend.builder(client)
                        .replyTimeout(Duration.ofSeconds(2))
                        .waitForReplicas(replicas, SHORT)
                        .build())
                .build();
    }

    /** What has been answered so far has reached the replica. */
    private static void awaitReplica(OwnRedis primary) {
        try (RedisClient client = RedisClient.create(primary.uri());
                var connection = client.connect()) {
            connection.sync().set("written", "last");
            Until.so("the replica", () -> connection.sync().waitForReplication(1, SHORT.toMillis()) == 1);
        }
    }

    /** Whatever goes wrong until it works is what an application sees meanwhile. */
    private static Hold awaitGrant(ObjectLocks locks) {
        AtomicReference<Hold> granted = new AtomicReference<>();
        Until.so("a grant", () -> {
            try {
                granted.set(locks.acquire(LockRequest.monitor(ARM)));
                return true;
            } catch (LockBackendException notYet) {
                return false;
            }
        });
        return granted.get();
    }

    /** Watches a primary, and has its replica take over. */
    private static final class Sentinel implements AutoCloseable {

        private final Path folder = Files.createTempDirectory("objectlock-sentinel");
        private final int port = TestRedis.freePort();
        private final Process process;

        Sentinel(OwnRedis primary) throws IOException {
            Path settings = folder.resolve("sentinel.conf");
            Files.writeString(
                    settings,
                    """
                    port %d
                    bind 127.0.0.1
                    sentinel monitor locks 127.0.0.1 %d 1
                    sentinel down-after-milliseconds locks 500
                    sentinel failover-timeout locks 3000
                    """
                            .formatted(port, primary.port()));
            process = new ProcessBuilder(RedisExecutable.path().toString(), settings.toString(), "--sentinel")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("sentinel.log").toFile())
                    .start();
            RedisURI own = RedisURI.create("127.0.0.1", port);
            try (RedisClient client = RedisClient.create(own)) {
                Until.so("that the sentinel knows the replica", () -> {
                    try (var connection = client.connectSentinel()) {
                        return !connection.sync().replicas("locks").isEmpty();
                    }
                });
            }
        }

        RedisURI uri() {
            return RedisURI.Builder.sentinel("127.0.0.1", port, "locks").build();
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            try (var files = Files.walk(folder)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
