package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Attempt;
import dev.objectlock.ClientSession;
import dev.objectlock.Hold;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLockedException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OwnerContext;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.testkit.fixtures.Device;
import dev.objectlock.testkit.fixtures.Parts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Where naive locks break. */
public abstract class CrossSystemCases extends BackendCases {

    private static final LockPath A = LockPath.of("a");
    private static final Duration LONG = Duration.ofHours(1);

    private final Device a = new Device(null, "a");

    /** For the subclasses. */
    protected CrossSystemCases() {}

    @Test
    void xx01_aRunningCallKeepsOthersOutAfterTheKeptLockIsGone() {
        as("alice/c1", a::keepUser);
        CountDownLatch leave = new CountDownLatch(1);
        Running<Boolean> call = start("alice/c1", () -> {
            a.userCall(() -> await(() -> leave.getCount() == 0));
            return true;
        });
        await(() -> locks.list(A).size() == 2);
        as("alice/c2", () -> locks.release(A));
        Running<Boolean> bob = start("bob/c3", () -> {
            a.userCall(() -> assertThat(leave.getCount()).isZero());
            return true;
        });
        awaitWaiters("a", 1);
        assertThat(bob.isDone()).isFalse();
        leave.countDown();
        assertThat(bob.result()).isTrue();
        assertThat(call.result()).isTrue();
    }

    @Test
    void xx02_aLogoutLeavesARunningCallItsLock() {
        ClientSession alice = locks.sessions().open("alice");
        alice.run(a::keepUser);
        alice.run(() -> a.userCall(() -> {
            alice.close();
            assertThat(locks.list(A)).singleElement().satisfies(hold -> assertThat(hold.kept())
                    .isFalse());
            assertThatThrownBy(() -> as("bob/c3", a::touch)).isInstanceOf(ObjectLockedException.class);
            assertThatThrownBy(a::keepUser).isInstanceOf(LockAuthenticationException.class);
        }));
        assertThat(locks.list(A)).isEmpty();
        assertThatThrownBy(() -> alice.run(a::touch)).isInstanceOf(LockAuthenticationException.class);
    }

    @Test
    void xx02_userHoldsEndWithTheLastClientAndClientHoldsWithTheirs() {
        LockPath b = LockPath.of("b");
        ClientSession one = locks.sessions().open("alice");
        ClientSession two = locks.sessions().open("alice");
        one.run(a::keepUser);
        one.run(() -> locks.acquire(LockRequest.client(b).keep()));
        one.close();
        assertThat(locks.list(A)).hasSize(1);
        assertThat(locks.list(b)).isEmpty();
        two.disconnect();
        assertThat(locks.list(A)).isEmpty();
    }

    @Test
    void xx02_aWaiterWhoseConnectionIsLostIsNeverGranted() {
        as("bob/c3", a::keepUser);
        ClientSession alice = locks.sessions().open("alice");
        Running<Boolean> waiter = start("carol/x", () -> {
            assertThatThrownBy(() -> alice.run(
                            () -> locks.acquire(LockRequest.user(A).keep().waitFor(LONG))))
                    .isInstanceOf(LockAuthenticationException.class);
            return true;
        });
        awaitWaiters("a", 1);
        alice.disconnect();
        assertThat(waiter.result()).isTrue();
        as("bob/c3", a::free);
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void xx03_anUpgradeIsJudgedAndGetsANewFence() {
        LockRequest shared = LockRequest.user(A).shared().keep();
        LockRequest exclusive = LockRequest.user(A).keep();
        Hold first = callAs("alice/c1", () -> locks.acquire(shared));
        as("bob/c3", () -> locks.acquire(shared));
        assertThatThrownBy(() -> as("alice/c1", () -> locks.acquire(exclusive)))
                .isInstanceOf(ObjectLockedException.class);
        assertThat(locks.list(A))
                .filteredOn(hold -> "alice".equals(hold.owner().user()))
                .singleElement()
                .satisfies(hold -> assertThat(hold.access()).isEqualTo(LockAccess.SHARED));
        as("bob/c3", () -> locks.release(A));
        Hold upgraded = callAs("alice/c1", () -> locks.acquire(exclusive));
        assertThat(upgraded.fence()).isGreaterThan(first.fence());
        assertThat(upgraded.id()).isEqualTo(first.id());
        assertThat(locks.list(A)).singleElement().satisfies(hold -> {
            assertThat(hold.access()).isEqualTo(LockAccess.EXCLUSIVE);
            assertThat(hold.fence()).isEqualTo(upgraded.fence());
        });
        assertThat(callAs("bob/c3", () -> locks.tryAcquire(shared)).isGranted()).isFalse();
        as("alice/c1", () -> locks.release(A));
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void xx04_aFlowBelongsToOneOwnerAndOneExecution() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(1);
        try {
            Hold first = pool.submit(() -> callAs("alice/c1", () -> locks.acquire(LockRequest.monitor(A))))
                    .get();
            Attempt same = pool.submit(() -> callAs("alice/c1", () -> locks.tryAcquire(LockRequest.monitor(A))))
                    .get();
            Attempt other = pool.submit(() -> callAs("bob/c3", () -> locks.tryAcquire(LockRequest.monitor(A))))
                    .get();
            assertThat(same.isGranted()).isFalse();
            assertThat(other.isGranted()).isFalse();
            first.close();
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void xx04_aCapturedOwnerOnFourThreadsIsFourFlows() throws Exception {
        OwnerContext.Carried carried = callAs("alice/c1", OwnerContext::carry);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                futures.add(pool.submit(carried.wrap(() -> {
                    for (int round = 0; round < 200; round++) {
                        a.monitorCall(() -> {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            Thread.onSpinWait();
                            inside.decrementAndGet();
                        });
                    }
                    assertThat(OwnerContext.bound().orElseThrow().owner().user())
                            .isEqualTo("alice");
                })));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void anUpgradeIsJudgedByWhatItBecomes() {
        LockPath b = A.child("b");
        as("alice/c1", () -> locks.acquire(LockRequest.user(A).shared().keep()));
        as("bob/c3", () -> locks.acquire(LockRequest.user(b).shared().keep()));
        assertThat(callAs(
                                "alice/c1",
                                () -> locks.tryAcquire(
                                        LockRequest.user(A).objectOnly().keep()))
                        .isGranted())
                .as("it would be EXCLUSIVE on the tree")
                .isFalse();
        as("alice/c1", () -> locks.release(A));
        as("alice/c1", () -> locks.acquire(LockRequest.user(A).objectOnly().keep()));
        assertThat(callAs(
                                "alice/c1",
                                () -> locks.tryAcquire(
                                        LockRequest.user(A).shared().keep()))
                        .isGranted())
                .isFalse();
        as("alice/c1", () -> locks.release(A));
        as("bob/c3", () -> locks.release(b));
    }

    @Test
    void aKeptLockTakenDuringACallIsInUseUntilTheCallEnds() {
        as(
                "alice/c1",
                () -> locks.run(LockRequest.user(A.child("x")), () -> {
                    locks.acquire(LockRequest.user(A).keep().lease(Duration.ofSeconds(10)));
                    store.pass(Duration.ofMinutes(5));
                    assertThat(locks.list(A)).hasSize(2);
                }));
        store.pass(Duration.ofSeconds(9));
        assertThat(locks.list(A)).hasSize(1);
        store.pass(Duration.ofSeconds(1));
        assertThat(locks.list(A)).isEmpty();
    }

    @Test
    void aCallThatJoinsOneFurtherUpUsesTheLeaseWhereItIs() {
        LockPath b = A.child("b");
        LockRequest keep = LockRequest.user(b).keep().lease(Duration.ofSeconds(1));
        Runnable inside = () -> locks.run(
                LockRequest.user(A),
                () -> locks.run(LockRequest.user(b), () -> {
                    store.pass(Duration.ofMinutes(1));
                    assertThat(locks.list(A)).hasSize(2);
                }));
        as("alice/c1", () -> locks.acquire(keep));
        as("alice/c1", inside::run);
        store.pass(Duration.ofSeconds(1));
        assertThat(locks.roots()).isEmpty();

        as(
                "alice/c1",
                () -> locks.run(LockRequest.user(A), () -> {
                    locks.acquire(keep);
                    store.pass(Duration.ofMinutes(1));
                    assertThat(locks.list(A)).hasSize(2);
                    locks.release(b);
                }));
    }

    @Test
    void whatARequestHasTakenItDoesNotTakeAgain() {
        // A failing call that joined gives back nothing of the call around it.
        as(
                "alice/c1",
                () -> locks.run(LockRequest.user(A).keep(), () -> assertThatThrownBy(
                                () -> locks.run(LockRequest.user(A), () -> {
                                    throw new IllegalStateException("inner");
                                }))
                        .hasMessage("inner")));
        assertThat(locks.list(A)).hasSize(1);
        as("alice/c1", () -> locks.release(A));
    }

    @Test
    void twoKeptLocksOfOneRequestOnOneObjectAreJudgedTogether() {
        LockPath b = A.child("b");
        as("bob/c3", () -> locks.acquire(LockRequest.user(b).shared().keep()));
        assertThatThrownBy(() -> as("alice/c1", () -> new Parts().keepTwice("a", () -> {})))
                .as("SHARED on the tree and EXCLUSIVE on the object are one hold: EXCLUSIVE on the tree")
                .isInstanceOf(ObjectLockedException.class);
        assertThat(locks.list(A)).hasSize(1);
        as("bob/c3", () -> locks.release(b));
        as("alice/c1", () -> new Parts().keepTwice("a", () -> {}));
        as("alice/c1", () -> locks.release(A));
    }

    @Test
    void aUserHoldTakenAgainByAClientThatHasEndedStillEndsWithTheLast() {
        ClientSession one = locks.sessions().open("alice");
        ClientSession two = locks.sessions().open("alice");
        one.run(a::keepUser);
        one.run(() -> {
            one.close();
            assertThatThrownBy(a::keepUser).isInstanceOf(LockAuthenticationException.class);
        });
        assertThat(locks.list(A)).hasSize(1);
        two.close();
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void aUserHoldOutlivesTheEngineThatTookItWhereTheUserIsConnectedToAnother() {
        ObjectLocks other = ObjectLocks.builder().backend(store.backend()).build();
        ClientSession there = other.sessions().open("alice");
        ClientSession here = locks.sessions().open("alice");
        there.run(() -> other.acquire(LockRequest.user(A).keep()));
        here.run(a::keepUser);
        other.close();
        assertThat(locks.list(A)).hasSize(1);
        here.close();
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void aKeptMonitorOfNobodyIsInUseWhileItsCallRuns() {
        locks.runAs(
                LockOwner.nobody(),
                () -> locks.run(LockRequest.monitor(A), () -> {
                    locks.acquire(LockRequest.monitor(A).keep().lease(Duration.ofSeconds(1)));
                    store.pass(Duration.ofMinutes(1));
                    assertThat(locks.list(A)).hasSize(2);
                    locks.release(A);
                }));
    }

    @Test
    void severalPathsJoinTheSameSeveralPaths() {
        LockRequest both = LockRequest.monitor(A.child("1"), A.child("2"));
        as(
                "alice/c1",
                () -> locks.run(both, () -> {
                    long fence = Hold.current().fence();
                    locks.run(both, () -> {
                        assertThat(Hold.current().fence()).isEqualTo(fence);
                        assertThat(locks.list(A)).hasSize(2);
                    });
                    locks.run(
                            LockRequest.monitor(A.child("2")),
                            () -> assertThat(Hold.current().fence()).isEqualTo(fence));
                }));
    }

    @Test
    void aClosingEngineEndsEverythingOfItsOwnAndLetsNobodyOfItsOwnIn() {
        ObjectLocks other = ObjectLocks.builder().backend(store.backend()).build();
        Hold held = other.callAs(
                owner("alice/c1"), () -> other.acquire(LockRequest.monitor(A).shared()));
        ClientSession session = other.sessions().open("alice");
        LockPath b = LockPath.of("b");
        session.run(() -> other.acquire(LockRequest.user(b).keep()));
        AtomicInteger ran = new AtomicInteger();
        List<Running<Boolean>> waiters = new ArrayList<>();
        // When the first of these leaves the line, the second has nothing in its way any more.
        for (LockRequest request : List.of(
                LockRequest.monitor(A).waitFor(LONG),
                LockRequest.monitor(A).shared().waitFor(LONG))) {
            int before = waiters.size();
            waiters.add(start("x/y", () -> {
                assertThatThrownBy(() -> other.runAs(
                                owner("u" + before),
                                () -> other.run(request, () -> {
                                    ran.incrementAndGet();
                                })))
                        .isInstanceOf(LockException.class);
                return true;
            }));
            awaitWaiters("a", before + 1);
        }
        other.close();
        waiters.forEach(waiter -> assertThat(waiter.result()).isTrue());
        assertThat(ran).hasValue(0);
        assertThat(held.isHeld()).isFalse();
        assertThat(locks.roots()).isEmpty();
        ClientSession again = locks.sessions().open("alice");
        again.run(() -> locks.acquire(LockRequest.user(b).keep()));
        again.close();
        assertThat(locks.roots()).as("the client of the closed engine is gone").isEmpty();
    }

    @Test
    void anotherEngineIsNotEnteredByEnteringOne() {
        ObjectLocks other = ObjectLocks.builder().backend(store.backend()).build();
        as(
                "alice/c1",
                () -> locks.run(LockRequest.monitor(A), () -> {
                    assertThat(other.tryAcquire(LockRequest.monitor(A)).isGranted())
                            .isFalse();
                    assertThatThrownBy(() -> other.acquire(LockRequest.user(A.child("x"))))
                            .isInstanceOf(LockAuthenticationException.class);
                    other.runAs(owner("alice/c1"), () -> assertThat(
                                    other.tryAcquire(LockRequest.monitor(A)).isGranted())
                            .isFalse());
                }));
        other.close();
    }

    @Test
    void xx11_whatIsReleasedIsWhatWasTaken() {
        Parts parts = new Parts();
        List<String> names = new ArrayList<>(List.of("first"));
        as(
                "alice/c1",
                () -> parts.changeNames(names, 0, () -> {
                    names.set(0, "second");
                    assertThat(locks.roots()).extracting(LockPath::toString).containsExactly("part:first");
                }));
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void xx11_segmentsNeverRunTogether() {
        Parts parts = new Parts();
        as("alice/c1", () -> parts.keep("a.b", "c"));
        as("bob/c3", () -> parts.keep("a", "b.c"));
        as("bob/c3", () -> parts.keep("x/y", "z"));
        as("alice/c1", () -> parts.keep("x", "y/z"));
        assertThat(locks.roots())
                .extracting(LockPath::toString)
                .containsExactly("box:a", "box:a.b", "box:x", "box:x%2Fy");
        assertThat(LockPath.parse("box:x%2Fy/z").segments()).containsExactly("box:x/y", "z");
        as("alice/c1", () -> locks.release(LockPath.of("box:a.b", "c")));
        as("bob/c3", () -> locks.release(LockPath.of("box:a", "b.c")));
        as("bob/c3", () -> locks.release(LockPath.of("box:x/y", "z")));
        as("alice/c1", () -> locks.release(LockPath.of("box:x", "y/z")));
    }
}
