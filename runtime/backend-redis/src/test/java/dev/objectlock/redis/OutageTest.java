package dev.objectlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.Loss;
import dev.objectlock.ObjectLocks;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that is away for longer than processes are given, seen by one of them. */
@Tag("own-server")
class OutageTest {

    private static final LockPath ARM = LockPath.of("cell:7", "arm");

    /** Less than the minute for which the client, as it is by default, keeps what it cannot send. */
    private static final int PATIENCE_SECONDS = 20;

    @Test
    void whoAsksOrJoinsMeanwhileIsRefusedAndNotKeptWaiting() throws Exception {
        BlockingQueue<Loss> losses = new LinkedBlockingQueue<>();
        try (OwnRedis redis = OwnRedis.start();
                RedisClient client = RedisClient.create(redis.uri());
                RedisLockBackend backend = RedisLockBackend.builder(client)
                        .processTimeout(Duration.ofSeconds(1))
                        .build();
                ObjectLocks locks = ObjectLocks.builder().backend(backend).build()) {
            Hold hold = locks.acquire(LockRequest.monitor(ARM));
            hold.onLost(losses::add);
            redis.kill();
            assertThat(losses.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isNotNull()
                    .extracting(Loss::reason)
                    .isEqualTo(Loss.Reason.PROCESS_DEAD);
            CompletableFuture<Void> asked =
                    CompletableFuture.runAsync(() -> locks.run(LockRequest.monitor(ARM), () -> {}));
            assertThatThrownBy(() -> asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(LockBackendException.class, refused -> assertThat(refused.isOutcomeKnown())
                            .isTrue());
            CompletableFuture<ObjectLocks> joins = CompletableFuture.supplyAsync(
                    () -> ObjectLocks.builder().backend(backend).build());
            assertThatThrownBy(() -> joins.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("another engine on the same backend")
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(LockBackendException.class);

            redis.restart();
            Until.so("a lock again", () -> {
                try {
                    locks.run(LockRequest.monitor(ARM), () -> {});
                    return true;
                } catch (LockBackendException notYet) {
                    return false;
                }
            });
            assertThat(locks.roots()).isEmpty();
        }
    }
}
