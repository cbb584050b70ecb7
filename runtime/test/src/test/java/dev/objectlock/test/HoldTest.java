package dev.objectlock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Attempt;
import dev.objectlock.Hold;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockEvent;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OwnerContext;
import dev.objectlock.Released;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.memory.MemoryLockBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Holds: joined, renewed, widened, given back once. */
@ExtendWith(ObjectLocksExtension.class)
@Timeout(60)
class HoldTest {

    private static final LockPath A = LockPath.of("a");
    private static final LockPath B = LockPath.of("a", "b");

    @Test
    @AsUser("alice")
    void anInnerRequestThatIsCoveredJoins(ObjectLocks locks) {
        Hold outer = locks.acquire(LockRequest.client(A));
        for (LockRequest covered : List.of(
                LockRequest.client(A),
                LockRequest.client(B),
                LockRequest.user(B),
                LockRequest.client(A).shared(),
                LockRequest.client(B).objectOnly())) {
            Hold inner = locks.acquire(covered);
            assertThat(inner.fence()).isEqualTo(outer.fence());
            assertThat(locks.list(A)).hasSize(1);
            assertThat(inner.release()).isEqualTo(Released.RELEASED);
            assertThat(inner.release()).isEqualTo(Released.NOT_HELD);
            assertThat(outer.isHeld()).isTrue();
        }
        outer.close();
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    @AsUser("alice")
    void aRequestForMoreIsAHoldOfItsOwn(ObjectLocks locks) {
        Hold outer = locks.acquire(LockRequest.user(B).shared());
        for (LockRequest more : List.of(
                LockRequest.user(B),
                LockRequest.user(A).shared(),
                LockRequest.client(B).shared(),
                LockRequest.monitor(B))) {
            try (Hold inner = locks.acquire(more)) {
                assertThat(inner.fence()).isGreaterThan(outer.fence());
                assertThat(locks.list(A)).hasSize(2);
            }
        }
        outer.close();
    }

    @Test
    @AsUser("alice")
    void aJoinedHoldLastsAsLongAsTheLastThatJoined(ObjectLocks locks) {
        Hold outer = locks.acquire(LockRequest.monitor(A));
        Hold inner = locks.acquire(LockRequest.monitor(A));
        outer.close();
        assertThat(locks.list(A)).hasSize(1);
        assertThat(inner.isHeld()).isTrue();
        inner.close();
        assertThat(locks.roots()).isEmpty();
        try (Hold next = locks.acquire(LockRequest.monitor(A))) {
            assertThat(next.fence()).isGreaterThan(inner.fence());
        }
    }

    @Test
    @AsUser("alice")
    void aKeptHoldIsNeverJoinedAndReleaseLeavesRunningCallsAlone(ObjectLocks locks) {
        Hold kept = locks.acquire(LockRequest.user(A).keep());
        try (Hold call = locks.acquire(LockRequest.user(A))) {
            assertThat(locks.list(A)).hasSize(2);
            assertThat(locks.release(B)).isEqualTo(Released.COVERED_BY);
            assertThat(locks.release(A)).isEqualTo(Released.RELEASED);
            assertThat(locks.list(A)).hasSize(1);
            assertThat(call.isHeld()).isTrue();
            assertThat(kept.isHeld()).isFalse();
        }
        assertThat(kept.release()).isEqualTo(Released.NOT_HELD);
    }

    @Test
    @AsUser("alice")
    void aKeptHoldIsReleasedByItsMode(ObjectLocks locks) {
        locks.acquire(LockRequest.user(A).keep());
        locks.acquire(LockRequest.client(A).keep());
        assertThat(locks.release(A, LockMode.MONITOR)).isEqualTo(Released.NOT_HELD);
        assertThat(locks.release(A, LockMode.CLIENT)).isEqualTo(Released.RELEASED);
        assertThat(locks.list(A)).singleElement().satisfies(hold -> assertThat(hold.mode())
                .isEqualTo(LockMode.USER));
        assertThat(locks.release(A)).isEqualTo(Released.RELEASED);
    }

    @Test
    @AsUser("alice")
    void takingAKeptHoldAgainWithAShorterLeaseNeverShortensIt(ObjectLocks locks, TestTime time) {
        locks.acquire(LockRequest.user(A).keep().lease(Duration.ofMinutes(10)));
        Hold again = locks.acquire(LockRequest.user(A).keep().lease(Duration.ofSeconds(1)));
        time.advance(Duration.ofMinutes(9));
        assertThat(again.timeLeft()).hasValue(Duration.ofMinutes(1));
        again.ensure(Duration.ofMinutes(10));
        assertThat(again.timeLeft()).hasValue(Duration.ofMinutes(10));
        assertThatThrownBy(() -> again.ensure(Duration.ofMinutes(11)))
                .isInstanceOf(LockNotHeldException.class)
                .hasMessageContaining("10 min");
        locks.acquire(LockRequest.user(A).keep());
        assertThat(again.timeLeft()).isEmpty();
        again.close();
    }

    @Test
    @AsUser("alice")
    void theCurrentHoldIsThatOfTheInnermostCall(ObjectLocks locks) {
        assertThat(Hold.find()).isEmpty();
        assertThatThrownBy(Hold::current).isInstanceOf(LockNotHeldException.class);
        locks.run(LockRequest.user(A), () -> {
            Hold outer = Hold.current();
            assertThat(outer.paths()).containsExactly(A);
            assertThat(outer.release()).isEqualTo(Released.COVERED_BY);
            assertThat(outer.isHeld()).isTrue();
            locks.run(LockRequest.monitor(B), () -> assertThat(Hold.current().paths())
                    .containsExactly(B));
            assertThat(Hold.current().paths()).containsExactly(A);
        });
        assertThat(Hold.find()).isEmpty();
    }

    @Test
    @AsUser("alice")
    void aBodyThatThrowsGivesBackWhatItTookAndTheErrorIsItsOwn(ObjectLocks locks) {
        IllegalStateException own = new IllegalStateException("own");
        assertThatThrownBy(() -> locks.run(LockRequest.user(A).keep(), () -> {
                    throw own;
                }))
                .isSameAs(own);
        assertThat(locks.roots()).isEmpty();
        locks.run(LockRequest.user(A).keep(), () -> {});
        assertThat(locks.list(A)).hasSize(1);
        locks.release(A);
    }

    @Test
    void flowsBelongToOneEntry(ObjectLocks locks) {
        LockOwner alice = LockOwner.user("alice");
        List<LockOwner> seen = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            locks.runAs(alice, () -> {
                seen.add(OwnerContext.bound().orElseThrow().owner());
                locks.runAs(
                        LockOwner.user("bob"),
                        () -> locks.runAs(
                                alice,
                                () -> seen.add(
                                        OwnerContext.bound().orElseThrow().owner())));
            });
        }
        assertThat(seen.get(0)).isEqualTo(seen.get(1));
        assertThat(seen.get(2)).isEqualTo(seen.get(3));
        assertThat(seen.get(0).isSameFlow(seen.get(2))).isFalse();
        assertThat(seen.get(0).isSameClient(seen.get(2))).isTrue();
    }

    @Test
    void anAttemptThatIsRefusedIsEmptyAndNotNull(ObjectLocks locks) {
        Hold held = locks.callAs(LockOwner.user("alice"), () -> locks.acquire(LockRequest.user(A)));
        try (Attempt attempt = locks.callAs(LockOwner.user("bob"), () -> locks.tryAcquire(LockRequest.user(A)))) {
            assertThat(attempt.isGranted()).isFalse();
            assertThat(attempt.hold()).isEmpty();
        }
        assertThat(held.isHeld()).isTrue();
        held.close();
    }

    @Test
    void requestsThatCanNeverWorkAreRefusedByName() {
        assertThatThrownBy(() -> LockRequest.monitor(A).tree()).hasMessageContaining("cannot cover a tree");
        assertThatThrownBy(() -> LockRequest.user(A).lease(Duration.ofSeconds(1)))
                .hasMessageContaining("keep()");
        assertThatThrownBy(() -> LockRequest.user(A).keep().lease(Duration.ZERO))
                .hasMessageContaining("more than zero");
        assertThatThrownBy(() -> LockRequest.user(A).waitFor(Duration.ofSeconds(-1)))
                .hasMessageContaining("negative");
        assertThatThrownBy(() -> LockRequest.user(A, A)).hasMessageContaining("twice");
        assertThatThrownBy(() -> LockRequest.user(A).extent(5, 5)).hasMessageContaining("empty");
        assertThatThrownBy(() -> LockOwner.user("application:x")).isInstanceOf(LockConfigurationException.class);
        assertThatThrownBy(() -> LockOwner.user(" ")).isInstanceOf(LockConfigurationException.class);
    }

    @Test
    void anEngineHasOneBackendAndOneTime() {
        MemoryLockBackend one = MemoryLockBackend.create();
        assertThatThrownBy(() -> ObjectLocks.builder().backend(one).backend(MemoryLockBackend.create()))
                .hasMessageContaining("two backends");
        assertThatThrownBy(() ->
                        ObjectLocks.builder().backend(one).time(new TestTime()).build())
                .hasMessageContaining("the time belongs to the backend");
    }

    @Test
    void aClosedEngineGivesEverythingBackAndTakesNothing() {
        MemoryLockBackend shared = MemoryLockBackend.create();
        ObjectLocks one = ObjectLocks.builder().backend(shared).name("one").build();
        ObjectLocks two = ObjectLocks.builder().backend(shared).build();
        LockOwner alice = LockOwner.user("alice");
        Hold call = one.callAs(alice, () -> one.acquire(LockRequest.user(A)));
        one.callAs(alice, () -> one.acquire(LockRequest.user(B).keep()));
        assertThat(two.list(A)).hasSize(2);
        one.close();
        assertThat(two.roots()).isEmpty();
        assertThat(call.isHeld()).isFalse();
        assertThat(call.release()).isEqualTo(Released.LOST);
        assertThatThrownBy(() -> one.callAs(alice, () -> one.acquire(LockRequest.user(A))))
                .isInstanceOf(LockConfigurationException.class)
                .hasMessageContaining("'one'");
        two.close();
    }

    @Test
    void listenersHearInOrderAndAFailingOneHarmsNobody() throws Exception {
        BlockingQueue<LockEvent> heard = new LinkedBlockingQueue<>();
        try (ObjectLocks locks = ObjectLocks.builder()
                .listener(event -> {
                    throw new IllegalStateException("hostile");
                })
                .listener(heard::add)
                .build()) {
            LockOwner alice = LockOwner.user("alice");
            for (int i = 0; i < 100; i++) {
                locks.runAs(alice, () -> {
                    locks.acquire(LockRequest.user(A).keep());
                    locks.run(LockRequest.monitor(A), () -> {});
                    locks.release(A);
                });
            }
            long before = 0;
            for (int i = 0; i < 100; i++) {
                LockEvent acquired = heard.poll(20, TimeUnit.SECONDS);
                LockEvent released = heard.poll(20, TimeUnit.SECONDS);
                assertThat(acquired).isInstanceOf(LockEvent.Acquired.class);
                assertThat(released).isInstanceOf(LockEvent.Released.class);
                assertThat(acquired.holds().get(0).fence()).isGreaterThan(before);
                assertThat(released.holds().get(0).fence())
                        .isEqualTo(acquired.holds().get(0).fence());
                before = acquired.holds().get(0).fence();
            }
            assertThat(heard).isEmpty();
        }
    }

    @Test
    void theAssertionFindsWhatIsLeft(ObjectLocks locks) {
        Hold kept = locks.callAs(
                LockOwner.user("alice"), () -> locks.acquire(LockRequest.user(A).keep()));
        assertThatThrownBy(() -> LockAssertions.assertNothingHeld(locks))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("alice");
        kept.close();
        LockAssertions.assertNothingHeld(locks);
    }
}
