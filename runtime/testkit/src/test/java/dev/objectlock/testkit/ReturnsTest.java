package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.memory.MemoryLockBackend;
import dev.objectlock.test.LockAssertions;
import dev.objectlock.test.TestTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What nobody has any more, and the store could not take back when it was asked to, is given back later. */
class ReturnsTest {

    private static final LockPath ONE = LockPath.of("cell:1");
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final TestTime time = new TestTime();
    private final FailingBackend cable = new FailingBackend(MemoryLockBackend.create(time));
    private final ObjectLocks locks = ObjectLocks.builder().backend(cable).build();

    @AfterEach
    void close() {
        cable.mend();
        LockAssertions.assertNothingHeld(locks);
        locks.close();
    }

    @Test
    void aHoldThatCouldNotBeGivenBack() {
        Hold hold = locks.acquire(LockRequest.monitor(ONE));
        cable.fail("giveBack");
        assertThatThrownBy(hold::release).isInstanceOf(LockBackendException.class);
        time.advance(AGAIN);
        cable.mend();
        assertThat(locks.list(ONE)).hasSize(1);

        time.advance(AGAIN);

        assertThat(locks.list(ONE)).isEmpty();
    }

    @Test
    void whatACallKeepsIsNotGivenBackWithIt() {
        locks.runAs(LockOwner.user("alice"), () -> {
            assertThatThrownBy(() -> locks.run(LockRequest.user(ONE).keep(), () -> cable.fail("giveBack")))
                    .isInstanceOf(LockBackendException.class);
            assertThat(locks.list(ONE)).hasSize(2);
            cable.mend();

            time.advance(AGAIN);

            assertThat(locks.list(ONE)).singleElement().matches(HoldInfo::kept);
            locks.release(ONE);
        });
    }

    @Test
    void aPlaceInTheLineThatCouldNotBeLeft() {
        Hold inTheWay = locks.callAs(LockOwner.user("bob"), () -> locks.acquire(LockRequest.monitor(ONE)));
        CompletableFuture<Hold> waiter =
                locks.async().acquire(LockRequest.monitor(ONE).waitFor(AGAIN));
        cable.fail("withdraw");
        cable.fail("undo");

        time.advance(AGAIN);

        assertThatThrownBy(() -> waiter.get(20, TimeUnit.SECONDS)).hasRootCauseInstanceOf(LockBackendException.class);
        assertThat(locks.status(ONE).waiters()).hasSize(1);
        cable.mend();
        time.advance(AGAIN);
        assertThat(locks.status(ONE).waiters()).isEmpty();
        inTheWay.close();
    }
}
