package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.Hold;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.memory.MemoryLockBackend;
import dev.objectlock.test.TestTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A process that the store does not know any more joins it anew, once. */
class RejoinTest {

    private static final LockPath ONE = LockPath.of("cell:1");
    private static final LockPath TWO = LockPath.of("cell:2");

    private final MemoryLockBackend store = MemoryLockBackend.create(new TestTime());
    private final FaultyBackend cable = new FaultyBackend(store);

    @Test
    void allWhoWaitedInAStoreThatForgetsJoinItOnceTogether() throws Exception {
        try (ObjectLocks locks = ObjectLocks.builder().backend(cable).build()) {
            locks.runAs(
                    LockOwner.user("bob"),
                    () -> locks.acquire(LockRequest.user(ONE, TWO).keep()));
            List<CompletableFuture<Hold>> waiters =
                    locks.callAs(LockOwner.user("alice"), () -> List.of(keep(locks, ONE), keep(locks, TWO)));
            assertThat(waiters).noneMatch(CompletableFuture::isDone);

            store.forgetAll();

            for (CompletableFuture<Hold> waiter : waiters) {
                assertThat(waiter.get(20, TimeUnit.SECONDS).isHeld()).isTrue();
            }
            assertThat(cable.joinsTried())
                    .as("at first, and after it was forgotten")
                    .isEqualTo(2);
        }
    }

    private static CompletableFuture<Hold> keep(ObjectLocks locks, LockPath path) {
        return locks.async().acquire(LockRequest.user(path).keep().waitFor(Duration.ofHours(1)));
    }
}
