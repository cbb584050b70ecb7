package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.objectlock.Attempt;
import dev.objectlock.ClientSession;
import dev.objectlock.Hold;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockEvent;
import dev.objectlock.LockLostException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockPath;
import dev.objectlock.LockPrivilegeException;
import dev.objectlock.LockRequest;
import dev.objectlock.LockTimeoutException;
import dev.objectlock.Loss;
import dev.objectlock.MonitorLockedException;
import dev.objectlock.ObjectLockedException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OwnerContext;
import dev.objectlock.Refused;
import dev.objectlock.Released;
import dev.objectlock.Renewal;
import dev.objectlock.SessionPolicy;
import dev.objectlock.testkit.StoreUnderTest.Capability;
import dev.objectlock.testkit.fixtures.Device;
import dev.objectlock.testkit.fixtures.Gate;
import dev.objectlock.testkit.fixtures.Instrument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How holds come to their end, what happens to a store and its processes, and what foreign code may do. */
public abstract class LifeCases extends BackendCases {

    private static final LockPath A = LockPath.of("a");
    private static final Duration LONG = Duration.ofHours(1);

    /** More than a store clears away at once. */
    private static final int MANY = 300;

    private final Device a = new Device(null, "a");

    /** For the subclasses. */
    protected LifeCases() {}

    /**
     * Returns how many grants one after the other are watched.
     *
     * @return so many that they take no longer than seconds
     */
    protected abstract int manyGrants();

    @Test
    void xx09_aFenceIsNeverRepeatedOrSmaller() {
        long last = 0;
        int grants = manyGrants();
        for (int round = 0; round < grants; round++) {
            try (Hold hold = locks.acquire(LockRequest.monitor(A))) {
                assertThat(hold.fence()).isGreaterThan(last);
                last = hold.fence();
            }
            if (round == grants / 2) {
                assumeThatStore(Capability.FORGETS);
                store.forgetAll();
            }
        }
    }

    @Test
    void aStoreThatForgetsIsNoticedAndEverythingIsLost() {
        assumeThatStore(Capability.FORGETS);
        ClientSession screen = locks.sessions().open("u1");
        Hold kept = screen.call(() -> locks.acquire(LockRequest.user(A).keep()));
        Hold scoped = callAs("u2", () -> locks.acquire(LockRequest.monitor(path("b"))));
        Running<Boolean> waiter = start("u3", () -> {
            locks.acquire(LockRequest.monitor(path("b")).waitFor(LONG)).close();
            return true;
        });
        awaitWaiters("b", 1);
        store.forgetAll();
        assertThat(waiter.result()).isTrue();
        store.pass(Duration.ofSeconds(31));
        assertThat(scoped.isHeld()).isFalse();
        assertThat(scoped.release()).isEqualTo(Released.LOST);
        assertThat(kept.isHeld()).isFalse();
        assertThatThrownBy(() -> kept.ensure(Duration.ZERO)).isInstanceOf(LockLostException.class);
        assertThat(screen.isOpen()).isTrue();
        screen.run(() -> locks.acquire(LockRequest.client(A).keep()));
        screen.close();
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void aLostOrRepeatedReplyChangesNothing() {
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks far = otherProcess(cable);
        cable.loseReplies(1);
        Hold hold =
                far.callAs(owner("u1"), () -> far.acquire(LockRequest.user(A).keep()));
        assertThat(locks.list(A)).hasSize(1);
        cable.loseReplies(1);
        assertThat(hold.release()).isIn(Released.RELEASED, Released.NOT_HELD);
        assertThat(locks.roots()).isEmpty();

        cable.repeatRequests(true);
        Hold scoped = far.callAs(owner("u1"), () -> far.acquire(LockRequest.monitor(A)));
        assertThat(locks.list(A)).hasSize(1);
        CompletableFuture<Hold> waits = far.callAs(
                owner("u2"), () -> far.async().acquire(LockRequest.monitor(A).waitFor(LONG)));
        awaitWaiters("a", 1);
        scoped.close();
        waits.join().close();
        assertThat(locks.roots()).isEmpty();

        cable.repeatRequests(false);
        cable.loseReplies(2);
        assertThatThrownBy(() -> far.runAs(owner("u1"), () -> far.acquire(LockRequest.monitor(A))))
                .hasMessageContaining("lost");
        assertThat(locks.roots()).as("what nobody knows of is cleaned up").isEmpty();
        cable.loseReplies(2);
        assertThatThrownBy(() -> far.runAs(
                        owner("u1"), () -> far.acquire(LockRequest.user(A).keep())))
                .hasMessageContaining("lost");
        assertThat(locks.roots()).as("a kept hold too").isEmpty();
    }

    @Test
    void theLongestTimeOfAHoldIsOverHoweverMuchItIsUsed() {
        LockRequest request =
                LockRequest.user(A).keep().lease(Duration.ofSeconds(10)).maxHold(Duration.ofSeconds(30));
        Hold hold = callAs("u1", () -> locks.acquire(request));
        for (int i = 0; i < 9; i++) {
            store.pass(Duration.ofSeconds(3));
            hold.ensure(Duration.ofSeconds(1));
            as("u1", () -> locks.acquire(request.maxHold(LONG)));
        }
        assertThat(hold.timeLeft()).hasValue(Duration.ofSeconds(3));
        store.pass(Duration.ofSeconds(3));
        assertThat(hold.isHeld()).isFalse();
        assertThat(nextEvent(LockEvent.Expired.class).reason()).isEqualTo(Loss.Reason.MAX_HOLD_OVER);
        assertThatThrownBy(() -> as("u1", a::touch)).isInstanceOf(LockLostException.class);
    }

    @Test
    void aCallThatIsLostAfterItsLongestTimeThrowsOrIsInterrupted() {
        assertThatThrownBy(() -> as(
                        "u1",
                        () -> a.shortCall(() -> {
                            store.pass(Duration.ofSeconds(5));
                            assertThat(callAs("u2", () -> locks.tryAcquire(LockRequest.monitor(A)))
                                            .hold())
                                    .hasValueSatisfying(Hold::close);
                        })))
                .isInstanceOfSatisfying(
                        LockLostException.class,
                        lost -> assertThat(lost.loss().reason()).isEqualTo(Loss.Reason.MAX_HOLD_OVER));

        CountDownLatch inside = new CountDownLatch(1);
        Running<Throwable> call = start(
                "u1",
                () -> catchThrowable(() -> a.interruptedCall(() -> {
                    inside.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException interrupted) {
                        throw new IllegalStateException("interrupted", interrupted);
                    }
                })));
        await(() -> inside.getCount() == 0);
        store.pass(Duration.ofSeconds(5));
        assertThat(call.result())
                .isInstanceOf(LockLostException.class)
                .hasSuppressedException(new IllegalStateException("interrupted"));
    }

    @Test
    void aRunningCallIsLostByItsId() {
        CountDownLatch leave = new CountDownLatch(1);
        Running<Throwable> call =
                start("u1", () -> catchThrowable(() -> a.monitorCall(() -> await(() -> leave.getCount() == 0))));
        await(() -> locks.list(A).size() == 1);
        String id = locks.list(A).get(0).id();
        assertThatThrownBy(() -> as("u2", () -> locks.forceRelease(A, id, "no")))
                .isInstanceOf(LockPrivilegeException.class);
        assertThat(callAs("su", () -> locks.forceRelease(A, id, "needed"))).isTrue();
        assertThat(callAs("su", () -> locks.forceRelease(A, id, "needed"))).isFalse();
        assertThat(nextEvent(LockEvent.Overridden.class).holds()).hasSize(1);
        as("u2", () -> a.monitorCall(() -> {}));
        leave.countDown();
        assertThat(call.result()).isInstanceOf(LockLostException.class).hasMessageContaining("needed");
        as("u1", a::touch);
    }

    @Test
    void aTokenRenewsAndEndsAHoldFromAnywhere() {
        LockRequest request =
                LockRequest.user(A).keep().lease(Duration.ofMinutes(1)).renewal(Renewal.NEVER);
        ClientSession screen = locks.sessions().open("u1");
        String token = screen.call(() -> locks.acquire(request).token());
        screen.close();
        assertThat(locks.list(A)).as("it outlives its client").hasSize(1);
        store.pass(Duration.ofSeconds(59));
        as("u1", a::touch);
        assertThat(locks.list(A).get(0).remaining())
                .as("calls are no use of it")
                .hasValue(Duration.ofSeconds(1));
        Hold attached = callAs("u2", () -> locks.attach(token));
        attached.ensure(Duration.ofSeconds(30));
        store.pass(Duration.ofSeconds(59));
        assertThat(attached.isHeld()).isTrue();
        assertThat(attached.token()).isEqualTo(token);
        assertThat(attached.release()).isEqualTo(Released.RELEASED);
        assertThatThrownBy(() -> locks.attach(token)).isInstanceOf(LockNotHeldException.class);
        assertThatThrownBy(() -> locks.attach("guessed")).isInstanceOf(LockNotHeldException.class);
        assertThatThrownBy(() -> as("u1", () -> {
                    try (Hold scoped = locks.acquire(LockRequest.monitor(A))) {
                        scoped.token();
                    }
                }))
                .isInstanceOf(LockConfigurationException.class);
    }

    @Test
    void workWithoutLocksTakesChecksAndWaitsForNothing() {
        as("u1", a::keepUser);
        long before = OwnerContext.withoutLocksCount();
        as(
                "u2",
                () -> OwnerContext.withoutLocks("a copy that nobody has", () -> {
                    a.touch();
                    a.monitorCall(a::change);
                    locks.requireHeld(A);
                    assertThat(locks.acquire(LockRequest.user(A)).fence()).isZero();
                    assertThat(locks.list(A)).hasSize(1);
                }));
        assertThat(OwnerContext.withoutLocksCount()).isEqualTo(before + 1);
        assertThatThrownBy(() -> as("u2", a::touch)).isInstanceOf(ObjectLockedException.class);
        as("u1", a::free);
    }

    @Test
    void aFlowIsHandedOverOnceAndANamedOneSpansRequests() {
        as(
                "u1/c1",
                () -> locks.run(LockRequest.monitor(A), () -> {
                    OwnerContext.Carried flow = OwnerContext.handOver();
                    Running<Boolean> elsewhere = start(
                            "other",
                            () -> flow.call(() -> {
                                locks.acquire(LockRequest.monitor(A).waitFor(Duration.ZERO))
                                        .close();
                                return true;
                            }));
                    assertThat(elsewhere.result()).isTrue();
                    assertThatThrownBy(() -> flow.call(() -> true)).isInstanceOf(LockConfigurationException.class);
                }));
        as(
                "u1/c1",
                () -> OwnerContext.withFlow("gesture", () -> {
                    locks.acquire(LockRequest.monitor(A).keep());
                }));
        assertThat(callAs("u1/c1", () -> locks.tryAcquire(LockRequest.monitor(A)))
                        .isGranted())
                .isFalse();
        as(
                "u1/c1",
                () -> OwnerContext.withFlow("gesture", () -> {
                    locks.acquire(LockRequest.monitor(A)).close();
                    assertThat(locks.release(A)).isEqualTo(Released.RELEASED);
                }));
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void severalTreesAreOneRequestWithOneWaitTime() {
        LockPath b = path("b");
        LockPath c = path("c/deep");
        try (Hold all = callAs("u1", () -> locks.acquire(LockRequest.user(c, A, b)))) {
            assertThat(all.paths()).containsExactlyInAnyOrder(A, b, c);
            for (LockPath path : all.paths()) {
                assertThat(all.fence(path)).isEqualTo(locks.list(path).get(0).fence());
            }
            assertThatThrownBy(() -> all.fence(path("d"))).isInstanceOf(LockConfigurationException.class);
        }
        assertThat(locks.roots()).isEmpty();

        as("u2", () -> locks.acquire(LockRequest.user(c).keep()));
        assertThat(callAs("u1", () -> locks.tryAcquire(LockRequest.user(c, A, b))))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.path()).isEqualTo(c));
        assertThat(locks.roots()).containsExactly(path("c"));
        Running<Throwable> waiter = start(
                "u1",
                () -> catchThrowable(
                        () -> locks.acquire(LockRequest.user(c, A, b).keep().waitFor(Duration.ofSeconds(5)))));
        awaitWaiters("c/deep", 1);
        assertThat(locks.list(A)).hasSize(1);
        store.pass(Duration.ofSeconds(5));
        assertThat(waiter.result()).isInstanceOf(LockTimeoutException.class);
        assertThat(locks.roots()).containsExactly(path("c"));
        as("u2", () -> locks.release(c));

        Hold kept = callAs("u1", () -> locks.acquire(LockRequest.user(c, A, b).keep()));
        assertThat(locks.roots()).hasSize(3);
        assertThat(kept.release()).isEqualTo(Released.RELEASED);
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void aHookHasItsSay() {
        AtomicInteger entered = new AtomicInteger();
        AtomicInteger exited = new AtomicInteger();
        Gate willing = new Gate(() -> {}, timeLeft -> entered.incrementAndGet() > 0, exited::incrementAndGet);
        as(
                "u1",
                () -> willing.pass(
                        () -> willing.pass(() -> assertThat(exited.get()).isZero())));
        assertThat(entered.get()).as("a call that joins does not ask").isEqualTo(1);
        assertThat(exited.get()).isEqualTo(1);
        CompletableFuture<String> work = new CompletableFuture<>();
        as("u1", () -> willing.passSlowly(work));
        assertThat(exited.get()).isEqualTo(1);
        work.complete("done");
        assertThat(exited.get()).isEqualTo(2);

        Gate unwilling = new Gate(() -> {}, timeLeft -> false, exited::incrementAndGet);
        assertThatThrownBy(() -> as("u1", () -> unwilling.pass(() -> {})))
                .isInstanceOf(MonitorLockedException.class)
                .hasMessageContaining("monitorEnter");
        assertThatThrownBy(() -> as("u1", () -> unwilling.passAndKeep(() -> {})))
                .isInstanceOf(MonitorLockedException.class);
        assertThat(exited.get()).isEqualTo(2);
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void aRefusedCallReleasesNothing() {
        Gate unwilling = new Gate(() -> {}, timeLeft -> false, () -> {});
        as("u1", () -> locks.acquire(LockRequest.user(path("gate")).keep()));
        assertThatThrownBy(() -> as("u1", unwilling::passAndFree)).isInstanceOf(MonitorLockedException.class);
        assertThat(locks.list(path("gate"))).hasSize(1);
        as("u1", () -> locks.release(path("gate")));
    }

    @Test
    void anExemptionReachesThroughAnOwnerThatIsEntered() {
        Instrument robot = new Instrument("robot");
        LockPath path = locks.pathOf(robot);
        as("u1", () -> locks.acquire(LockRequest.user(path).keep()));
        as("u2", () -> robot.freely(() -> as("u3", () -> robot.setSpeed(0))));
        assertThatThrownBy(() -> as("u3", () -> robot.setSpeed(0))).isInstanceOf(ObjectLockedException.class);
        as("u1", () -> locks.release(path));
    }

    @Test
    void aCallUsesTheSlotThatItKeeps() {
        as(
                "u1",
                () -> a.keepSlot(() -> {
                    store.pass(Duration.ofMinutes(5));
                    Hold slot = Hold.current();
                    assertThat(slot.isHeld()).isTrue();
                    assertThat(slot.timeLeft()).hasValue(Duration.ofSeconds(15));
                    slot.ensure(Duration.ofSeconds(15));
                }));
        assertThat(locks.list(A)).hasSize(1);
        store.pass(Duration.ofSeconds(15));
        assertThat(locks.list(A)).isEmpty();
    }

    @Test
    void aLeaseRunsAgainWhenTheProcessOfTheWorkThatUsedItHasEnded() {
        ObjectLocks other = otherProcess(store.backend());
        ClientSession staying = other.sessions().open("u1", SessionPolicy.STAY);
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> call = staying.call(
                () -> other.async().call(LockRequest.monitor(A).slots(2).keep(), hold -> work));
        store.pass(Duration.ofSeconds(16));
        assertThat(locks.list(A)).as("used").hasSize(1);
        other.close();
        store.pass(Duration.ofSeconds(15));
        assertThat(locks.list(A)).isEmpty();
        work.complete("late");
        assertThat(call).isDone();
    }

    @Test
    void anAutomaticLeaseFollowsItsClientToAnotherProcess() {
        ObjectLocks other = otherProcess(store.backend());
        ClientSession there = other.sessions().open("u1", SessionPolicy.grace(Duration.ofMinutes(1)));
        there.run(() -> other.acquire(
                LockRequest.user(A).keep().lease(Duration.ofSeconds(2)).renewal(Renewal.AUTO)));
        String id = locks.list(A).get(0).id();
        ClientSession here = locks.sessions().resume(there.id());
        assertThat(there.isOpen()).isFalse();
        other.close();
        store.pass(Duration.ofSeconds(20));
        assertThat(locks.list(A)).singleElement().satisfies(hold -> assertThat(hold.id())
                .isEqualTo(id));
        here.close();
        assertThat(locks.roots()).isEmpty();
    }

    /** The process of another client of the user renews it from then on. */
    @Test
    void anAutomaticLeaseGoesOnWithTheUsersLastClient() {
        ObjectLocks other = otherProcess(store.backend());
        ClientSession here = locks.sessions().open("u1");
        ClientSession there = other.sessions().open("u1");
        there.run(() -> other.acquire(
                LockRequest.user(A).keep().lease(Duration.ofSeconds(2)).renewal(Renewal.AUTO)));
        store.pass(Duration.ofSeconds(25));
        assertThat(locks.list(A)).hasSize(1);
        other.close();
        assertThat(there.isOpen()).isFalse();
        store.pass(Duration.ofSeconds(25));
        assertThat(locks.list(A)).hasSize(1);
        here.close();
        assertThat(locks.roots()).isEmpty();
    }

    /** However many they are: the last sign of life of their process was use of all of them. */
    @Test
    void theLeasesOfManyRunFromTheLastSignOfLife() {
        assumeThatStore(Capability.PROCESS_TIMEOUT);
        ObjectLocks other = otherProcess(store.backend());
        ClientSession there = other.sessions().open("u1", SessionPolicy.grace(Duration.ofMinutes(5)));
        there.run(() -> {
            for (int i = 0; i < MANY; i++) {
                other.acquire(LockRequest.client(A.child("slot" + i))
                        .keep()
                        .lease(Duration.ofMinutes(1))
                        .renewal(Renewal.AUTO));
            }
        });
        store.pass(Duration.ofMinutes(3));
        other.close();
        store.pass(Duration.ofSeconds(40));
        assertThat(locks.list(A)).hasSize(MANY);
        store.pass(Duration.ofSeconds(30));
        assertThat(locks.roots()).isEmpty();
    }

    /** Nobody has the session, and it must not keep the user's locks alive. */
    @Test
    void aLoginWhoseReplyWasLostLeavesNothing() {
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks far = otherProcess(cable);
        cable.loseReplies(1);
        assertThatThrownBy(() -> far.sessions().open("u1", SessionPolicy.STAY))
                .isInstanceOf(LockBackendException.class);
        ClientSession screen = far.sessions().open("u1");
        screen.run(() -> far.acquire(LockRequest.user(A).keep()));
        store.pass(Duration.ofSeconds(2));
        screen.close();
        await(() -> {
            store.pass(Duration.ofSeconds(1));
            return locks.roots().isEmpty();
        });
    }

    @Test
    void xx12_hostileForeignCodeLeavesNothingBehind() {
        Runnable broken = () -> {
            throw new IllegalStateException("hostile");
        };
        ObjectLocks heard = ObjectLocks.builder()
                .backend(store.backend())
                .listener(event -> broken.run())
                .build();
        Gate[] gate = new Gate[1];
        Runnable callsBack = () -> gate[0].pass(() -> {});
        List<Gate> hostile = new ArrayList<>();
        hostile.add(new Gate(broken, timeLeft -> true, () -> {}));
        hostile.add(new Gate(
                () -> {},
                timeLeft -> {
                    broken.run();
                    return true;
                },
                () -> {}));
        hostile.add(new Gate(() -> {}, timeLeft -> true, broken));
        hostile.add(new Gate(callsBack, timeLeft -> true, () -> {}));
        hostile.add(new Gate(
                () -> {},
                timeLeft -> {
                    callsBack.run();
                    return true;
                },
                callsBack));
        for (Gate one : hostile) {
            gate[0] = one;
            Throwable passed = catchThrowable(() -> as("u1", () -> one.pass(() -> {})));
            assertThat(String.valueOf(passed)).containsAnyOf("hostile", "null", "Stack");
            assertThat(catchThrowable(() -> as("u1", () -> one.passAndKeep(broken))))
                    .isNotNull();
            assertThat(locks.roots()).isEmpty();
        }
        heard.runAs(owner("u1"), () -> heard.acquire(LockRequest.user(A).keep()));
        heard.runAs(owner("u1"), () -> assertThat(heard.release(A)).isEqualTo(Released.RELEASED));
        heard.close();
    }

    @Test
    void xx12_foreignCodeThatBlocksHoldsNobodyUp() {
        CountDownLatch leave = new CountDownLatch(1);
        Runnable blocks = () -> await(() -> leave.getCount() == 0);
        ObjectLocks heard = ObjectLocks.builder()
                .backend(store.backend())
                .listener(event -> blocks.run())
                .build();
        Gate gate = new Gate(
                () -> {},
                timeLeft -> {
                    blocks.run();
                    return true;
                },
                () -> {});
        Running<Boolean> stuck = start("u1", () -> {
            gate.pass(() -> {});
            return true;
        });
        await(() -> !locks.list(path("gate")).isEmpty());
        Hold lost = heard.callAs(
                owner("u2"), () -> heard.acquire(LockRequest.user(A).keep().lease(Duration.ofSeconds(1))));
        lost.onLost(loss -> blocks.run());
        store.pass(Duration.ofSeconds(1));
        try (Attempt free = callAs("u3", () -> locks.tryAcquire(LockRequest.user(A)))) {
            assertThat(free.isGranted()).isTrue();
        }
        assertThat(locks.status(path("gate")).holds()).hasSize(1);
        leave.countDown();
        assertThat(stuck.result()).isTrue();
        heard.close();
    }
}
