package dev.objectlock.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.Hold;
import dev.objectlock.LockEvent;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.Loss;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Released;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RestoreArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that has not got what it answered last: a replica that has taken over, or one that lost its last second. */
@Tag("own-server")
class OlderStateTest {

    private static final LockPath OLD = LockPath.of("old");
    private static final LockPath NEW = LockPath.of("new", "arm");
    private static final LockOwner ALICE = LockOwner.user("alice");
    private static final LockOwner BOB = LockOwner.user("bob");
    private static final int PATIENCE_SECONDS = 20;

    private OwnRedis redis;
    private RedisClient client;
    private StatefulRedisConnection<byte[], byte[]> raw;

    @BeforeEach
    void open() {
        redis = OwnRedis.start();
        client = RedisClient.create(redis.uri());
        raw = client.connect(ByteArrayCodec.INSTANCE);
    }

    @AfterEach
    void close() {
        client.close();
        redis.close();
    }

    private ObjectLocks engine() {
        return ObjectLocks.builder().backend(RedisLockBackend.create(client)).build();
    }

    @Test
    void whatTheServerHasForgottenIsToldAsLostAndTheRestStays() throws InterruptedException {
        BlockingQueue<Loss> losses = new LinkedBlockingQueue<>();
        try (ObjectLocks locks = engine()) {
            Hold stays = locks.callAs(ALICE, () -> locks.acquire(LockRequest.monitor(OLD)));
            List<Dumped> before = dump();
            Hold scoped = locks.callAs(ALICE, () -> locks.acquire(LockRequest.monitor(NEW)));
            Hold kept = locks.callAs(
                    ALICE, () -> locks.acquire(LockRequest.user(NEW).keep()));
            scoped.onLost(losses::add);
            kept.onLost(losses::add);

            restore(before);
            raw.sync().clientKill(KillArgs.Builder.typePubsub());

            for (int i = 0; i < 2; i++) {
                Loss loss = losses.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                assertThat(loss).isNotNull();
                assertThat(loss.reason()).isEqualTo(Loss.Reason.FORGOTTEN);
            }
            assertThat(scoped.isHeld()).isFalse();
            assertThat(kept.release()).isEqualTo(Released.LOST);
            assertThat(stays.isHeld()).isTrue();
            assertThat(stays.release()).isEqualTo(Released.RELEASED);
            assertThat(scoped.release()).isEqualTo(Released.LOST);
            assertThat(locks.roots()).isEmpty();
        }
    }

    /** Of what one request has taken, everything. */
    @Test
    void everyHoldOfARequestIsTold() throws InterruptedException {
        BlockingQueue<Loss> losses = new LinkedBlockingQueue<>();
        try (ObjectLocks locks = engine()) {
            locks.acquire(LockRequest.monitor(OLD)).close();
            List<Dumped> before = dump();
            locks.runAs(
                    ALICE,
                    () -> locks.acquire(LockRequest.user(NEW, NEW.child("tool"))
                            .objectOnly()
                            .keep()));
            Hold arm = locks.callAs(
                    ALICE,
                    () -> locks.acquire(LockRequest.user(NEW).objectOnly().keep()));
            Hold tool = locks.callAs(
                    ALICE,
                    () -> locks.acquire(
                            LockRequest.user(NEW.child("tool")).objectOnly().keep()));
            arm.onLost(losses::add);
            tool.onLost(losses::add);

            restore(before);
            raw.sync().clientKill(KillArgs.Builder.typePubsub());
            assertThat(losses.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
            assertThat(losses.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void whoeverWaitsAndIsForgottenWaitsAnew() {
        try (ObjectLocks locks = engine()) {
            Hold bobs = locks.callAs(BOB, () -> locks.acquire(LockRequest.monitor(OLD)));
            List<Dumped> before = dump();
            var alices = locks.callAs(
                    ALICE, () -> locks.async().acquire(LockRequest.monitor(OLD).waitFor(Duration.ofHours(1))));
            Until.so("a waiter", () -> locks.status(OLD).waiters().size() == 1);

            restore(before);
            assertThat(locks.status(OLD).waiters()).isEmpty();
            raw.sync().clientKill(KillArgs.Builder.typePubsub());
            Until.so("the waiter again", () -> locks.status(OLD).waiters().size() == 1);
            bobs.close();
            alices.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join().close();
            assertThat(locks.roots()).isEmpty();
        }
    }

    /** What is kept goes on without anybody who has it in hand. */
    @Test
    void aKeptHoldThatNobodyHasInHandIsToldToo() throws InterruptedException {
        BlockingQueue<LockEvent> events = new LinkedBlockingQueue<>();
        try (ObjectLocks locks = ObjectLocks.builder()
                .backend(RedisLockBackend.create(client))
                .listener(events::add)
                .build()) {
            locks.acquire(LockRequest.monitor(OLD)).close();
            List<Dumped> before = dump();
            locks.runAs(ALICE, () -> {
                locks.acquire(LockRequest.user(NEW).keep());
                locks.acquire(LockRequest.user(OLD).keep());
                locks.release(OLD);
            });
            WeakReference<Object> collected = new WeakReference<>(new Object());
            Until.so("a collection", () -> {
                System.gc();
                return collected.refersTo(null);
            });

            restore(before);
            raw.sync().clientKill(KillArgs.Builder.typePubsub());

            LockEvent event;
            do {
                event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                assertThat(event).isNotNull();
            } while (event.loss().isEmpty());
            assertThat(event.loss().orElseThrow().reason()).isEqualTo(Loss.Reason.FORGOTTEN);
            assertThat(event.holds()).singleElement().satisfies(hold -> assertThat(hold.path())
                    .isEqualTo(NEW));
        }
    }

    /** A cache that evicts keys takes one of the four that belong together. */
    @ParameterizedTest
    @ValueSource(strings = {"s", "i", "d"})
    void aKeyThatIsGoneIsNoticedWithTheNextSignOfLife(String key) throws InterruptedException {
        BlockingQueue<Loss> losses = new LinkedBlockingQueue<>();
        try (ObjectLocks locks = ObjectLocks.builder()
                .backend(RedisLockBackend.builder(client)
                        .processTimeout(Duration.ofSeconds(1))
                        .build())
                .build()) {
            Hold scoped = locks.callAs(ALICE, () -> locks.acquire(LockRequest.monitor(OLD)));
            Hold kept = locks.callAs(
                    ALICE, () -> locks.acquire(LockRequest.user(NEW).keep()));
            scoped.onLost(losses::add);
            kept.onLost(losses::add);
            raw.sync().del(("objectlock:{0}:" + key).getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 2; i++) {
                Loss loss = losses.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                assertThat(loss).isNotNull();
                assertThat(loss.reason()).isIn(Loss.Reason.STORE_RESET, Loss.Reason.FORGOTTEN);
            }
            assertThat(kept.release()).isEqualTo(Released.LOST);
            try (Hold again = locks.callAs(ALICE, () -> locks.acquire(LockRequest.monitor(OLD)))) {
                assertThat(again.fence()).isGreaterThan(scoped.fence());
            }
            assertThat(locks.roots()).isEmpty();
        }
    }

    /** Without its index a store does not know who is in the way, and lets nobody in before everybody here knows that. */
    @ParameterizedTest
    @ValueSource(strings = {"s", "i", "d"})
    void nobodyComesInWhileOneHereBelievesToHoldIt(String key) {
        try (ObjectLocks locks = engine()) {
            Hold outer = locks.callAs(ALICE, () -> locks.acquire(LockRequest.monitor(OLD.child("arm"))));
            Hold alices = locks.callAs(ALICE, () -> locks.acquire(LockRequest.monitor(OLD)));
            raw.sync().del(("objectlock:{0}:" + key).getBytes(StandardCharsets.UTF_8));
            try (Hold bobs = locks.callAs(BOB, () -> locks.acquire(LockRequest.monitor(OLD)))) {
                assertThat(alices.isHeld()).isFalse();
                assertThat(outer.isHeld()).isFalse();
                assertThat(bobs.fence()).isGreaterThan(alices.fence());
            }
            assertThat(alices.release()).isEqualTo(Released.LOST);
            assertThat(outer.release()).isEqualTo(Released.LOST);
        }
    }

    /** The messages that are told now have greater numbers than those that the process heard before. */
    @Test
    void decisionsAfterwardsAreHeard() {
        try (ObjectLocks locks = engine()) {
            locks.acquire(LockRequest.monitor(OLD)).close();
            List<Dumped> before = dump();
            for (int i = 0; i < 5; i++) {
                handOver(locks);
            }
            restore(before);
            handOver(locks);
            assertThat(locks.roots()).isEmpty();
        }
    }

    private static void handOver(ObjectLocks locks) {
        Hold first = locks.acquire(LockRequest.monitor(OLD));
        var next = locks.callAs(
                ALICE, () -> locks.async().acquire(LockRequest.monitor(OLD).waitFor(Duration.ofHours(1))));
        Until.so("a waiter", () -> locks.status(OLD).waiters().size() == 1);
        first.close();
        next.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join().close();
    }

    private void restore(List<Dumped> before) {
        before.forEach(one -> raw.sync().restore(one.key(), one.value(), new RestoreArgs().replace()));
    }

    /** What a key had at one moment. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Dumped(byte[] key, byte[] value) {}

    private List<Dumped> dump() {
        return raw.sync().keys("*").stream()
                .map(key -> new Dumped(key, raw.sync().dump(key)))
                .toList();
    }
}
