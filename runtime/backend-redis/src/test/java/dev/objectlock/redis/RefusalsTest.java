package dev.objectlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.Loss;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Released;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that does not want to, as docs/redis.md says it. */
@Tag("own-server")
class RefusalsTest {

    private static final LockRequest ARM = LockRequest.monitor(LockPath.of("cell:7", "arm"));
    private static final LockRequest GRIPPER = LockRequest.monitor(LockPath.of("cell:7", "gripper"));
    private static final int PATIENCE_SECONDS = 30;

    private final OwnRedis redis = OwnRedis.start();
    private final RedisClient client = RedisClient.create(redis.uri());
    private final StatefulRedisConnection<String, String> connection = client.connect();

    @AfterEach
    void close() {
        client.close();
        redis.close();
    }

    private RedisLockBackend backend(Duration processTimeout) {
        return RedisLockBackend.builder(client).processTimeout(processTimeout).build();
    }

    @Test
    void aFullServerRefusesNewLocksAndTakesBackOldOnes() {
        RedisLockBackend backend = backend(Duration.ofHours(1));
        try (ObjectLocks locks = ObjectLocks.builder().backend(backend).build()) {
            Hold arm = locks.acquire(ARM);
            Hold gripper = locks.acquire(GRIPPER);
            setting("maxmemory", "1");
            assertRefused(locks, LockRequest.monitor(LockPath.of("draft:1")), "OOM");
            assertThat(arm.release()).isEqualTo(Released.RELEASED);
            assertThat(gripper.release()).isEqualTo(Released.RELEASED);
            setting("maxmemory", "0");
            assertThat(locks.roots()).isEmpty();
        }
        backend.close();
    }

    @Test
    void aServerThatIsFullForTooLongTakesProcessesForDead() throws InterruptedException {
        BlockingQueue<Loss> losses = new LinkedBlockingQueue<>();
        RedisLockBackend backend = backend(Duration.ofMillis(900));
        try (ObjectLocks locks = ObjectLocks.builder().backend(backend).build();
                Hold arm = locks.acquire(ARM)) {
            arm.onLost(losses::add);
            setting("maxmemory", "1");
            Loss loss = losses.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            setting("maxmemory", "0");
            assertThat(loss).isNotNull();
            assertThat(loss.reason()).isEqualTo(Loss.Reason.PROCESS_DEAD);
        }
        backend.close();
    }

    @Test
    void aPrimaryWithoutReplicasRefusesIfItIsToldTo() {
        RedisLockBackend backend = backend(Duration.ofHours(1));
        try (ObjectLocks locks = ObjectLocks.builder().backend(backend).build()) {
            setting("min-replicas-to-write", "1");
            assertRefused(locks, ARM, "NOREPLICAS");
            setting("min-replicas-to-write", "0");
            locks.run(ARM, () -> {});
        }
        backend.close();
    }

    private static void assertRefused(ObjectLocks locks, LockRequest request, String word) {
        assertThatThrownBy(() -> locks.acquire(request))
                .isInstanceOfSatisfying(LockBackendException.class, refused -> assertThat(refused.isOutcomeKnown())
                        .isTrue())
                .hasMessageContaining(word);
    }

    private void setting(String name, String value) {
        connection.sync().configSet(name, value);
    }

    @Test
    void anotherNumberOfBucketsIsRefusedWithBoth() {
        RedisLockBackend two = RedisLockBackend.builder(client).buckets(2).build();
        RedisLockBackend three = RedisLockBackend.builder(client).buckets(3).build();
        try (ObjectLocks locks = ObjectLocks.builder().backend(two).build()) {
            assertThatThrownBy(() -> ObjectLocks.builder().backend(three).build())
                    .isInstanceOf(LockConfigurationException.class)
                    .hasMessageContainingAll("2 buckets", "set to 3");
            assertThat(locks.roots()).isEmpty();
        }
        two.close();
        three.close();
        assertThat(connection.sync().keys("objectlock:{2}:*")).isEmpty();
    }

    @Test
    void aStoreThatIsEmptiedIsToldAsLost() throws InterruptedException {
        BlockingQueue<Loss> losses = new LinkedBlockingQueue<>();
        RedisLockBackend backend = backend(Duration.ofSeconds(3));
        try (ObjectLocks locks = ObjectLocks.builder().backend(backend).build();
                Hold arm = locks.acquire(ARM)) {
            arm.onLost(losses::add);
            connection.sync().flushall();
            Loss loss = losses.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(loss).isNotNull();
            assertThat(loss.reason()).isEqualTo(Loss.Reason.STORE_RESET);
            try (Hold next = locks.acquire(ARM)) {
                assertThat(next.fence()).isGreaterThan(arm.fence());
            }
        }
        backend.close();
    }
}
