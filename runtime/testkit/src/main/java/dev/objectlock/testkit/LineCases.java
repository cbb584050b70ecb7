package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.ClientSession;
import dev.objectlock.Hold;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLockedException;
import dev.objectlock.annotation.LockScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who waits, behind whom, and what brings whoever waits in or turns it away. */
public abstract class LineCases extends BackendCases {

    private static final LockPath A = LockPath.of("a");
    private static final LockPath ARM = LockPath.of("a", "arm");
    private static final LockPath TABLE = LockPath.of("a", "table");
    private static final Duration LONG = Duration.ofHours(1);
    private static final int PATIENCE_SECONDS = 20;

    /** For the subclasses. */
    protected LineCases() {}

    @Test
    void xx05_aFlowThatIsInsideDoesNotStandBehindWaiters() {
        LockPath x = A.child("x");
        LockPath y = A.child("y");
        as("alice/c1", () -> {
            try (Hold monitor = locks.acquire(LockRequest.monitor(x))) {
                Running<Boolean> bob = start("bob/c3", () -> {
                    locks.acquire(LockRequest.user(A).tree().waitFor(LONG)).close();
                    return true;
                });
                awaitWaiters("a", 1);
                assertThat(callAs("carol/c4", () -> locks.tryAcquire(LockRequest.monitor(y))))
                        .as("somebody who is not inside stands behind the waiter, and is told so")
                        .isInstanceOfSatisfying(dev.objectlock.Refused.class, refused -> {
                            assertThat(refused.blocker().waiting()).isTrue();
                            assertThat(refused.holder().user()).isEqualTo("bob");
                        });
                locks.acquire(LockRequest.monitor(y)).close();
                assertThat(bob.isDone()).isFalse();
                assertThat(monitor.isHeld()).isTrue();
            }
        });
    }

    @Test
    void xx06_aWaiterThatAKeptLockKeepsOutHoldsNobodyOff() {
        LockPath seven = A.child("7");
        as("alice/c1", () -> locks.acquire(LockRequest.user(seven).keep()));
        Running<Boolean> bob = start("bob/c3", () -> {
            locks.acquire(LockRequest.user(A).waitFor(LONG)).close();
            return true;
        });
        awaitWaiters("a", 1);
        callAs("carol/c4", () -> locks.acquire(LockRequest.user(A.child("8")))).close();
        assertThat(bob.isDone()).isFalse();
        as("alice/c1", () -> locks.release(seven));
        assertThat(bob.result()).isTrue();
    }

    @Test
    void xx07_whenATreeLockEndsAllWhoWaitBelowGetInAtOnce() {
        Hold tree = callAs("alice/c1", () -> locks.acquire(LockRequest.user(A)));
        CountDownLatch inside = new CountDownLatch(10);
        List<Running<Boolean>> waiters = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            LockPath child = A.child("child" + i);
            waiters.add(start("u" + i + "/c", () -> {
                try (Hold hold = locks.acquire(LockRequest.user(child).waitFor(LONG))) {
                    inside.countDown();
                    // Each is inside while all the others are.
                    await(() -> inside.getCount() == 0);
                    return hold.isHeld();
                }
            }));
        }
        await(() -> locks.list(A).size() == 1 && waitersBelow() == 10);
        tree.close();
        waiters.forEach(waiter -> assertThat(waiter.result()).isTrue());
    }

    private int waitersBelow() {
        int count = 0;
        for (int i = 0; i < 10; i++) {
            count += locks.status(A.child("child" + i)).waiters().size();
        }
        return count;
    }

    @Test
    void aWaiterIsNotPassedByThoseBehindIt() {
        LockRequest read = LockRequest.monitor(A).shared().waitFor(LONG);
        Hold first = callAs("r1/c", () -> locks.acquire(read));
        Hold second = callAs("r2/c", () -> locks.acquire(read));
        Running<Hold> writer =
                start("w/c", () -> locks.acquire(LockRequest.monitor(A).waitFor(LONG)));
        awaitWaiters("a", 1);
        Running<Hold> third = start("r3/c", () -> locks.acquire(read));
        awaitWaiters("a", 2);
        first.close();
        assertThat(third.isDone()).isFalse();
        assertThat(locks.status(A).waiters()).hasSize(2);
        second.close();
        Hold written = writer.result();
        assertThat(third.isDone()).isFalse();
        written.close();
        third.result().close();
    }

    @Test
    void aLostConnectionLeavesAllItsPlacesInTheLine() {
        Hold held = callAs("bob/c3", () -> locks.acquire(LockRequest.user(A).keep()));
        ClientSession alice = locks.sessions().open("alice");
        alice.run(() -> locks.acquire(LockRequest.client(LockPath.of("b")).keep()));
        List<Running<Boolean>> waiters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiters.add(start("x/y", () -> {
                assertThatThrownBy(() -> alice.run(
                                () -> locks.acquire(LockRequest.monitor(A).waitFor(LONG))))
                        .isInstanceOf(LockAuthenticationException.class);
                return true;
            }));
        }
        awaitWaiters("a", 3);
        alice.disconnect();
        waiters.forEach(waiter -> assertThat(waiter.result()).isTrue());
        assertThat(locks.roots()).containsExactly(A);
        held.close();
    }

    @Test
    void aLostConnectionLetsNoneOfItsOwnWaitersIn() {
        LockPath y = LockPath.of("a", "y");
        Hold held = callAs("bob/c3", () -> locks.acquire(LockRequest.monitor(A.child("x"))));
        ClientSession alice = locks.sessions().open("alice");
        AtomicInteger ran = new AtomicInteger();
        List<Running<Boolean>> waiters = new ArrayList<>();
        for (LockRequest request : List.of(LockRequest.monitor(A.child("x"), y), LockRequest.monitor(y))) {
            int before = waiters.size();
            waiters.add(start("x/y", () -> {
                assertThatThrownBy(() -> alice.run(() -> locks.run(request.waitFor(LONG), () -> {
                            ran.incrementAndGet();
                        })))
                        .isInstanceOf(LockAuthenticationException.class);
                return true;
            }));
            await(() -> locks.status(y).waiters().size() == before + 1);
        }
        alice.disconnect();
        waiters.forEach(waiter -> assertThat(waiter.result()).isTrue());
        assertThat(ran).hasValue(0);
        held.close();
    }

    /** Who stands behind whom is found out again when an object is moved. */
    @Test
    void whoIsMovedOutOfTheWayOfAWaiterWaitsForItNoMore() {
        LockPath drawer = TABLE.child("drawer");
        Hold tool = callAs("u1", () -> locks.acquire(LockRequest.monitor(TABLE.child("tool"))));
        as("u2", () -> {
            Hold call = locks.acquire(LockRequest.monitor(drawer));
            CompletableFuture<Hold> table = waits("u3", LockRequest.user(TABLE).tree());
            awaitWaiters("a/table", 1);
            CompletableFuture<Hold> inDrawer = waits("u4", LockRequest.monitor(drawer));
            awaitWaiters("a/table/drawer", 2);

            locks.move(drawer, A.child("shelf").child("drawer"));
            assertThat(inDrawer).isNotDone();
            call.close();
            within(inDrawer).close();
            assertThat(table).isNotDone();
            tool.close();
            within(table).close();
        });
    }

    /** Whoever waits for calls only is turned away by a kept lock, wherever it stands in the line. */
    @Test
    void aKeptLockThatIsGrantedInTheMiddleOfTheLineTurnsAwayWhomItKeepsOut() {
        Hold arm = callAs("u1", () -> locks.acquire(LockRequest.monitor(ARM)));
        Hold table = callAs("u1", () -> locks.acquire(LockRequest.monitor(TABLE)));
        CompletableFuture<Hold> forArm = waits("u2", LockRequest.monitor(ARM));
        awaitWaiters("a/arm", 1);
        CompletableFuture<Hold> keepsTable = waits("u3", LockRequest.user(TABLE).keep());
        awaitWaiters("a/table", 1);
        CompletableFuture<Hold> both = callAs("u4", () -> locks.async().acquire(LockRequest.monitor(ARM, TABLE)));
        awaitWaiters("a/arm", 2);

        table.close();
        Hold kept = within(keepsTable);
        assertTurnedAwayBy("u3", both);
        assertThat(forArm).isNotDone();
        arm.close();
        within(forArm).close();
        kept.release();
    }

    /** The same when a kept lock becomes wider; who is inside something does not stand behind waiters for that. */
    @Test
    void aKeptLockThatIsWidenedTurnsAwayWhomItKeepsOut() {
        Hold arm = callAs("u1", () -> locks.acquire(LockRequest.monitor(ARM)));
        as("u2", () -> {
            Hold inside = locks.acquire(LockRequest.monitor(path("b")));
            Hold kept = locks.acquire(LockRequest.user(TABLE).objectOnly().keep());
            CompletableFuture<Hold> forArm = waits("u3", LockRequest.monitor(ARM));
            awaitWaiters("a/arm", 1);
            CompletableFuture<Hold> both =
                    callAs("u4", () -> locks.async().acquire(LockRequest.monitor(ARM, TABLE.child("drawer"))));
            awaitWaiters("a/arm", 2);

            locks.changeScope(TABLE, LockScope.TREE);
            assertTurnedAwayBy("u2", both);
            assertThat(forArm).isNotDone();
            arm.close();
            within(forArm).close();
            kept.release();
            inside.close();
        });
    }

    private CompletableFuture<Hold> waits(String owner, LockRequest request) {
        return callAs(owner, () -> locks.async().acquire(request.waitFor(LONG)));
    }

    private static Hold within(CompletableFuture<Hold> granted) {
        return granted.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    private static void assertTurnedAwayBy(String user, CompletableFuture<Hold> waiter) {
        assertThatThrownBy(() -> waiter.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        ObjectLockedException.class,
                        refused -> assertThat(refused.holder().user()).isEqualTo(user));
    }
}
