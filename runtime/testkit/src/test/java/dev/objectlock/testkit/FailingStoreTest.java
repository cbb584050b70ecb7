package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockEvent;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.LockSnapshot;
import dev.objectlock.LockTime;
import dev.objectlock.LockTimeoutException;
import dev.objectlock.LockWatcher;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Subscription;
import dev.objectlock.WithoutStore;
import dev.objectlock.memory.MemoryLockBackend;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is left when single questions to a store fail. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailingStoreTest {

    private static final LockPath ONE = LockPath.of("cell:1");
    private static final LockPath TWO = LockPath.of("cell:2");

    private final MemoryLockBackend store = MemoryLockBackend.create(LockTime.system());
    private final FailingBackend cable = new FailingBackend(store);
    private final ObjectLocks locks = ObjectLocks.builder().backend(cable).build();

    @AfterEach
    void close() {
        cable.mend();
        locks.close();
    }

    @Test
    void aWaiterWhoseDeadlockCannotBeLookedForWaitsAndLeavesTheLine() {
        cable.fail("waitsFor");
        LockRequest shortly = monitor(TWO).waitFor(Duration.ofMillis(50));

        locks.callAs(LockOwner.user("alice"), () -> {
            Hold alices = locks.acquire(monitor(TWO));
            locks.callAs(LockOwner.user("bob"), () -> {
                try (Hold inside = locks.acquire(monitor(ONE))) {
                    assertThatThrownBy(() -> locks.acquire(shortly)).isInstanceOf(LockTimeoutException.class);
                    assertThat(inside.isHeld()).isTrue();
                }
                return null;
            });
            alices.release();
            assertThat(locks.status(TWO).holds()).isEmpty();
            return null;
        });
    }

    @Test
    void whatCannotBeGivenBackInOneTreeIsGivenBackInTheOthers() {
        LockRequest both = LockRequest.monitor(ONE, TWO);
        Hold hold = locks.acquire(both);
        cable.fail("giveBack cell:1");

        assertThatThrownBy(hold::release).isInstanceOf(LockBackendException.class);

        assertThat(locks.status(TWO).holds()).isEmpty();
    }

    @Test
    void aWaiterThatCannotLeaveTheLineIsToldSoAndIsTakenOut() {
        LockRequest shortly = monitor(ONE).waitFor(Duration.ofMillis(50));
        Hold inTheWay = locks.callAs(LockOwner.user("bob"), () -> locks.acquire(monitor(ONE)));
        cable.fail("withdraw");

        assertThatThrownBy(() -> locks.acquire(shortly)).isInstanceOf(LockBackendException.class);

        assertThat(locks.status(ONE).waiters()).isEmpty();
        inTheWay.close();
    }

    @Test
    void anInterruptedWaiterThatCannotLeaveTheLineIsStillInterrupted() {
        Hold inTheWay = locks.callAs(LockOwner.user("bob"), () -> locks.acquire(monitor(ONE)));
        cable.fail("withdraw");

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> locks.acquire(monitor(ONE))).isInstanceOf(LockBackendException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(locks.status(ONE).waiters()).isEmpty();
        inTheWay.close();
    }

    @Test
    void aSlotWhoseUseCannotBeginIsNotKept() {
        cable.fail("use");
        locks.runAs(LockOwner.user("alice"), () -> {
            assertThatThrownBy(() -> locks.run(monitor(ONE).slots(2).keep(), () -> {}))
                    .isInstanceOf(LockBackendException.class);
            assertThat(locks.list(ONE)).isEmpty();
        });
    }

    @Test
    void toAttachAHoldTakesTwoRoundTrips() {
        Hold kept = locks.callAs(
                LockOwner.user("alice"),
                () -> locks.acquire(LockRequest.user(ONE).keep()));
        String token = kept.token();
        cable.asked();
        Hold attached = locks.attach(token);
        assertThat(cable.asked()).containsExactly("attach", "inspect");
        assertThat(attached.fence()).isEqualTo(kept.fence());
        attached.release();
    }

    @Test
    void whileTheStoreCannotSayWhatThereIsNothingIsTold() throws Exception {
        BlockingQueue<Object> told = new LinkedBlockingQueue<>();
        Subscription watch = locks.watch(ONE, new LockWatcher() {
            @Override
            public void onSnapshot(LockSnapshot snapshot) {
                told.add(snapshot);
            }

            @Override
            public void onEvent(LockEvent event) {
                told.add(event);
            }
        });
        assertThat(told.poll(20, TimeUnit.SECONDS)).isInstanceOf(LockSnapshot.class);
        cable.fail("watch");
        store.forgetAll();

        locks.runAs(LockOwner.user("alice"), () -> {
            locks.acquire(LockRequest.user(TWO).keep());
            assertThat(cable.awaitFailure()).as("asked for a snapshot anew").isTrue();
            locks.acquire(LockRequest.user(ONE).keep());
        });
        assertThat(told.poll(200, TimeUnit.MILLISECONDS)).isNull();

        cable.mend();
        assertThat(told.poll(20, TimeUnit.SECONDS)).isInstanceOfSatisfying(LockSnapshot.class, anew -> {
            assertThat(anew.afterGap()).isTrue();
            assertThat(anew.holds()).hasSize(1);
        });
        watch.close();
    }

    @Test
    void whoGoesOnGivesBackFirstWhatWasGrantedInAnotherTree() {
        cable.fail("ask cell:2");
        try (ObjectLocks proceeding = proceeding()) {
            for (boolean async : new boolean[] {false, true}) {
                Hold hold = async
                        ? proceeding
                                .async()
                                .acquire(LockRequest.monitor(ONE, TWO))
                                .join()
                        : proceeding.acquire(LockRequest.monitor(ONE, TWO));
                assertThat(hold.isHeld()).isFalse();
                assertThat(hold.paths()).containsExactly(ONE, TWO);
                assertThat(proceeding.status(ONE).holds()).isEmpty();
            }
        }
    }

    @Test
    void nobodyGoesOnWhileSomethingIsStillToBeGivenBack() {
        cable.fail("ask cell:2");
        cable.fail("undo cell:1");
        try (ObjectLocks proceeding = proceeding()) {
            assertThatThrownBy(() -> proceeding.acquire(LockRequest.monitor(ONE, TWO)))
                    .isInstanceOfSatisfying(LockBackendException.class, out -> assertThat(out.isOutcomeKnown())
                            .isFalse());
            assertThatThrownBy(() -> proceeding
                            .async()
                            .acquire(LockRequest.monitor(ONE, TWO))
                            .join())
                    .hasCauseInstanceOf(LockBackendException.class);
            cable.mend();
        }
    }

    private ObjectLocks proceeding() {
        return ObjectLocks.builder()
                .backend(cable)
                .withoutStore(WithoutStore.PROCEED)
                .build();
    }

    private static LockRequest monitor(LockPath path) {
        return LockRequest.monitor(path);
    }
}
