package dev.objectlock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Attempt;
import dev.objectlock.Hold;
import dev.objectlock.LockInterruptedException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.LockTimeoutException;
import dev.objectlock.ObjectLockedException;
import dev.objectlock.ObjectLocks;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** For what a request waits, how long, and how it gives up. */
@ExtendWith(ObjectLocksExtension.class)
@Timeout(60)
class WaitingTest {

    private static final LockPath A = LockPath.of("a");
    private static final LockOwner ALICE = LockOwner.user("alice");
    private static final LockOwner BOB = LockOwner.user("bob");

    private static void awaitWaiters(ObjectLocks locks, int count) {
        while (locks.status(A).waiters().size() != count) {
            LockSupport.parkNanos(100_000);
        }
    }

    /** What a thread of its own came to. */
    private static final class Waiter {
        private final CompletableFuture<Hold> outcome = new CompletableFuture<>();
        private final Thread thread;
        private volatile boolean interruptedAfterwards;

        Waiter(ObjectLocks locks, LockOwner owner, LockRequest request) {
            thread = new Thread(() -> locks.runAs(owner, () -> {
                try {
                    outcome.complete(locks.acquire(request));
                } catch (RuntimeException | Error failed) {
                    interruptedAfterwards = Thread.currentThread().isInterrupted();
                    outcome.completeExceptionally(failed);
                }
            }));
            thread.start();
        }

        Throwable failure() {
            try {
                throw new AssertionError("granted: " + outcome.get(30, TimeUnit.SECONDS));
            } catch (ExecutionException failed) {
                return failed.getCause();
            } catch (Exception stuck) {
                throw new AssertionError(stuck);
            }
        }
    }

    @Test
    void aUserCallWaitsTwoSecondsForARunningCall(ObjectLocks locks, TestTime time) {
        Hold held = locks.callAs(ALICE, () -> locks.acquire(LockRequest.user(A)));
        Waiter bob = new Waiter(locks, BOB, LockRequest.user(A));
        awaitWaiters(locks, 1);
        time.advance(Duration.ofMillis(1999));
        assertThat(bob.outcome).isNotDone();
        time.advance(Duration.ofMillis(1));
        assertThat(bob.failure())
                .isInstanceOfSatisfying(LockTimeoutException.class, timeout -> {
                    assertThat(timeout.waited()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(timeout.refused().position()).isEqualTo(1);
                    assertThat(timeout.holder().user()).isEqualTo("alice");
                })
                .hasMessage("USER lock on a for bob refused: alice holds a USER lock on a (a running call since"
                        + " 2026-01-05T10:00:00Z); gave up after waiting 2 s at position 1; try again, or wait longer with"
                        + " waitFor");
        assertThat(locks.status(A).waiters()).isEmpty();
        held.close();
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void aMonitorWaitsFifteenSeconds(ObjectLocks locks, TestTime time) {
        Hold held = locks.callAs(ALICE, () -> locks.acquire(LockRequest.monitor(A)));
        Waiter bob = new Waiter(locks, BOB, LockRequest.monitor(A));
        awaitWaiters(locks, 1);
        time.advance(Duration.ofSeconds(14));
        assertThat(bob.outcome).isNotDone();
        time.advance(Duration.ofSeconds(1));
        assertThat(bob.failure()).isInstanceOf(LockTimeoutException.class);
        held.close();
    }

    @Test
    void aKeptLockInTheWayIsAnErrorAtOnceThatNamesTheHolder(ObjectLocks locks, TestTime time) {
        Hold held = locks.callAs(
                ALICE, () -> locks.acquire(LockRequest.user(A).keep().lease(Duration.ofSeconds(90))));
        time.advance(Duration.ofSeconds(30));
        assertThatThrownBy(() -> locks.callAs(BOB, () -> locks.acquire(LockRequest.user(A.child("b")))))
                .isInstanceOf(ObjectLockedException.class)
                .hasMessage("USER lock on a/b for bob refused: alice holds a USER lock on a (kept since"
                        + " 2026-01-05T10:00:00Z, 1 min left); ask alice to release it, or wait with waitFor");
        held.close();
    }

    @Test
    void aWaiterForCallsIsRefusedWhenAKeptLockGetsInTheWay(ObjectLocks locks) {
        locks.runAs(ALICE, () -> {
            Hold call = locks.acquire(LockRequest.user(A));
            Waiter bob = new Waiter(locks, BOB, LockRequest.user(A));
            awaitWaiters(locks, 1);
            Hold kept = locks.acquire(LockRequest.user(A).keep());
            assertThat(bob.failure()).isInstanceOf(ObjectLockedException.class).hasMessageContaining("kept");
            call.close();
            kept.close();
        });
    }

    @Test
    void anExplicitWaitWaitsForWhateverIsInTheWay(ObjectLocks locks, TestTime time) throws Exception {
        Hold kept = locks.callAs(ALICE, () -> locks.acquire(LockRequest.user(A).keep()));
        Waiter bob = new Waiter(locks, BOB, LockRequest.user(A).waitFor(Duration.ofDays(100_000_000)));
        awaitWaiters(locks, 1);
        time.advance(Duration.ofDays(1000));
        assertThat(bob.outcome).isNotDone();
        kept.close();
        bob.outcome.get(30, TimeUnit.SECONDS).close();
    }

    @Test
    void aWaitingThreadThatIsInterruptedLeavesTheLine(ObjectLocks locks) {
        Hold held = locks.callAs(ALICE, () -> locks.acquire(LockRequest.user(A)));
        Waiter bob = new Waiter(locks, BOB, LockRequest.user(A).waitFor(Duration.ofDays(1)));
        awaitWaiters(locks, 1);
        bob.thread.interrupt();
        assertThat(bob.failure()).isInstanceOf(LockInterruptedException.class).hasMessageContaining("alice");
        assertThat(bob.interruptedAfterwards).isTrue();
        assertThat(locks.status(A).waiters()).isEmpty();
        held.close();
    }

    @Test
    void firstComeFirstServed(ObjectLocks locks) throws Exception {
        Hold held = locks.callAs(ALICE, () -> locks.acquire(LockRequest.monitor(A)));
        Waiter first = new Waiter(locks, BOB, LockRequest.monitor(A));
        awaitWaiters(locks, 1);
        Waiter second = new Waiter(locks, LockOwner.user("carol"), LockRequest.monitor(A));
        awaitWaiters(locks, 2);
        Attempt third = locks.callAs(LockOwner.user("dave"), () -> locks.tryAcquire(LockRequest.monitor(A)));
        assertThat(third.isGranted()).isFalse();
        assertThat(locks.status(A).waiters())
                .extracting(hold -> hold.owner().user())
                .containsExactly("bob", "carol");
        held.close();
        Hold granted = first.outcome.get(30, TimeUnit.SECONDS);
        assertThat(second.outcome).isNotDone();
        granted.close();
        second.outcome.get(30, TimeUnit.SECONDS).close();
    }

    @Test
    void whoGivesUpLetsThoseBehindPass(ObjectLocks locks, TestTime time) throws Exception {
        Hold reader =
                locks.callAs(ALICE, () -> locks.acquire(LockRequest.monitor(A).shared()));
        Waiter writer = new Waiter(locks, BOB, LockRequest.monitor(A).waitFor(Duration.ofSeconds(3)));
        awaitWaiters(locks, 1);
        Waiter second = new Waiter(
                locks, LockOwner.user("carol"), LockRequest.monitor(A).shared().waitFor(Duration.ofHours(1)));
        awaitWaiters(locks, 2);
        time.advance(Duration.ofSeconds(3));
        assertThat(writer.failure()).isInstanceOf(LockTimeoutException.class);
        second.outcome.get(30, TimeUnit.SECONDS).close();
        reader.close();
    }
}
