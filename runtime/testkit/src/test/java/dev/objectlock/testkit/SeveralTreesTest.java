package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Refused;
import dev.objectlock.memory.MemoryLockBackend;
import dev.objectlock.test.LockAssertions;
import dev.objectlock.test.TestTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of a request over several trees, either all is taken or nothing, whatever happens at a later tree. */
class SeveralTreesTest {

    private static final LockPath ONE = LockPath.of("cell:1");
    private static final LockPath TWO = LockPath.of("cell:2");

    private final TestTime time = new TestTime();
    private final FailingBackend cable = new FailingBackend(MemoryLockBackend.create(time));
    private final ObjectLocks locks = ObjectLocks.builder().backend(cable).build();

    static Stream<LockRequest> requests() {
        LockRequest both = LockRequest.user(ONE, TWO);
        return Stream.of(both, both.keep());
    }

    @AfterEach
    void close() {
        cable.mend();
        LockAssertions.assertNothingHeld(locks);
        locks.close();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aTreeThatCannotBeAskedGivesTheEarlierOnesBack(LockRequest both) {
        cable.fail("ask cell:2");
        asAlice(() -> {
            assertThatThrownBy(() -> locks.acquire(both)).isInstanceOf(LockBackendException.class);
            LockAssertions.assertNothingHeld(locks);
            assertThat(locks.async().acquire(both)).isCompletedExceptionally();
        });
    }

    @ParameterizedTest
    @MethodSource("requests")
    void anErrorWhileALaterTreeIsBeingAskedGivesTheEarlierOnesBack(LockRequest both) {
        cable.breakDown("ask cell:2");
        asAlice(() -> {
            assertThatThrownBy(() -> locks.acquire(both)).isInstanceOf(AssertionError.class);
            LockAssertions.assertNothingHeld(locks);
            assertThat(locks.async().acquire(both)).isCompletedExceptionally();
        });
    }

    @ParameterizedTest
    @MethodSource("requests")
    void theEarlierOnesAreGivenBackLaterIfTheStoreCannotTakeThemNow(LockRequest both) {
        Hold inTheWay = locks.callAs(
                LockOwner.user("bob"), () -> locks.acquire(LockRequest.user(TWO).keep()));
        asAlice(() -> {
            cable.fail("undo");
            assertThat(locks.tryAcquire(both)).isInstanceOf(Refused.class);
            assertThat(locks.list(ONE)).hasSize(1);
            passes();
            cable.fail("undo");
            assertThat(locks.async().tryAcquire(both).join()).isInstanceOf(Refused.class);
            assertThat(locks.list(ONE)).hasSize(1);
            passes();
        });
        inTheWay.release();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void whoeverGivesUpAtALaterTreeGivesTheEarlierOnesBack(LockRequest both) {
        Hold inTheWay = locks.callAs(
                LockOwner.user("bob"), () -> locks.acquire(LockRequest.user(TWO).keep()));
        asAlice(() -> {
            CompletableFuture<Hold> waiter = locks.async().acquire(both.waitFor(Duration.ofHours(1)));
            assertThat(locks.list(ONE)).hasSize(1);
            assertThat(locks.status(TWO).waiters()).hasSize(1);
            waiter.cancel(false);
            assertThat(locks.list(ONE)).isEmpty();
            assertThat(locks.status(TWO).waiters()).isEmpty();
        });
        inTheWay.release();
    }

    /** The store can be asked again, and is. */
    private void passes() {
        cable.mend();
        time.advance(Duration.ofSeconds(1));
        assertThat(locks.list(ONE)).isEmpty();
    }

    private void asAlice(Runnable work) {
        locks.runAs(LockOwner.user("alice"), work::run);
    }
}
