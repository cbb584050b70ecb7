package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.objectlock.Attempt;
import dev.objectlock.ClientSession;
import dev.objectlock.Hold;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockEvent;
import dev.objectlock.LockLostException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockPath;
import dev.objectlock.LockPrivilegeException;
import dev.objectlock.LockRequest;
import dev.objectlock.LockSnapshot;
import dev.objectlock.LockWatcher;
import dev.objectlock.Loss;
import dev.objectlock.ObjectLockedException;
import dev.objectlock.Refused;
import dev.objectlock.Released;
import dev.objectlock.SessionPolicy;
import dev.objectlock.Subscription;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.testkit.fixtures.Device;
import dev.objectlock.testkit.fixtures.Instrument;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Editing a scene or project together, as in ARCOR2. */
public abstract class Arcor2Cases extends BackendCases {

    private final Device project = new Device(null, "prj");
    private final Device a = new Device(project, "a");
    private final Device x = new Device(a, "x");
    private final Device b = new Device(project, "b");
    private final LockPath pathA = LockPath.of("prj", "a");
    private final LockPath pathX = LockPath.of("prj", "a", "x");

    /** For the subclasses. */
    protected Arcor2Cases() {}

    @Test
    void ar01_aTreeLockIsSeenBelowAndNotBeside() {
        as("u1/c1", a::keepUser);
        assertThat(locks.status(pathX).holds())
                .singleElement()
                .satisfies(hold -> assertThat(hold.owner().user()).isEqualTo("u1"));
        assertThat(locks.status(LockPath.of("prj", "b")).isFree()).isTrue();
        assertThat(locks.status(LockPath.of("prj", "a2")).isFree()).isTrue();
        assertThat(locks.list(LockPath.of("prj"))).hasSize(1);
        as("u1/c1", a::free);
    }

    @Test
    void ar02_readersGoTogetherAndAWriterWaitsForAll() {
        LockRequest read = LockRequest.user(pathA).shared().keep();
        as("u1/c1", () -> locks.acquire(read));
        as("u2/c2", () -> locks.acquire(read));
        LockRequest write = LockRequest.user(pathA).keep();
        assertThat(callAs("u3/c3", () -> locks.tryAcquire(write)).isGranted()).isFalse();
        as("u1/c1", () -> locks.release(pathA));
        assertThat(callAs("u3/c3", () -> locks.tryAcquire(write)).isGranted()).isFalse();
        as("u2/c2", () -> locks.release(pathA));
        assertThat(callAs("u3/c3", () -> locks.tryAcquire(write)).isGranted()).isTrue();
        as("u3/c3", () -> locks.release(pathA));
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void ar03_aListOfPathsIsAllOrNothing() {
        LockPath one = LockPath.of("prj", "one");
        LockPath two = LockPath.of("prj", "two");
        LockPath three = LockPath.of("prj", "three");
        as("u1/c1", () -> locks.acquire(LockRequest.user(two).keep()));
        Attempt attempt = callAs("u2/c2", () -> locks.tryAcquire(LockRequest.user(one, two, three)));
        assertThat(attempt).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.path()).isEqualTo(two);
            assertThat(refused.blockingPath()).isEqualTo(two);
        });
        assertThat(locks.status(one).isFree()).isTrue();
        assertThat(locks.status(three).isFree()).isTrue();
        as("u1/c1", () -> locks.release(two));
        try (Hold all = callAs("u2/c2", () -> locks.acquire(LockRequest.user(one, two, three)))) {
            assertThat(all.paths()).containsExactly(one, two, three);
            assertThat(locks.list(LockPath.of("prj"))).hasSize(3);
        }
    }

    @Test
    void ar06_aCallThatNeedsTheCallersOwnLock() {
        assertThatThrownBy(() -> as("u1/c1", x::change))
                .isInstanceOf(LockNotHeldException.class)
                .hasMessageContaining("prj/a/x");
        as("u1/c1", () -> locks.acquire(LockRequest.user(pathX).keep()));
        as("u1/c1", x::change);
        as("u1/c1", () -> locks.requireHeld(pathX));
        assertThatThrownBy(() -> as("u2/c2", x::change)).isInstanceOf(ObjectLockedException.class);
        as("u1/c1", () -> locks.release(pathX));

        as("u1/c1", a::keepUser);
        as("u1/c1", x::change);
        as("u1/c2", x::change);
        assertThatThrownBy(() -> as("u1/c1", b::change)).isInstanceOf(LockNotHeldException.class);
        as("u1/c1", a::free);

        as("u1/c1", () -> locks.acquire(LockRequest.user(pathA).objectOnly().keep()));
        assertThatThrownBy(() -> as("u1/c1", x::change)).isInstanceOf(LockNotHeldException.class);
        as("u1/c1", a::free);

        as("u1/c1", () -> locks.acquire(LockRequest.user(pathX).shared().keep()));
        assertThatThrownBy(() -> as("u1/c1", x::change)).isInstanceOf(LockNotHeldException.class);
        as("u1/c1", x::free);

        as("u1/c1", () -> a.userCall(x::change));
    }

    @Test
    void ar07_aCallOfAnOwnerWhoKeepsTheSameLock() {
        as("u1/c1", a::keepUser);
        as("u1/c1", () -> a.userCall(() -> assertThat(locks.list(pathA)).hasSize(2)));
        assertThat(locks.list(pathA)).singleElement().satisfies(hold -> assertThat(hold.kept())
                .isTrue());
        as("u1/c1", a::free);
    }

    @Test
    void ar08_aKeepingMethodThatThrowsGivesBackWhatThisCallTook() throws Exception {
        assertThatThrownBy(() -> as("u1/c1", () -> keepAndThrow(a, new IOException("disk"))))
                .hasRootCauseInstanceOf(IOException.class);
        assertThat(locks.roots()).isEmpty();
        assertThatThrownBy(() -> as("u1/c1", () -> keepAndThrow(a, new IllegalStateException("no"))))
                .hasRootCauseInstanceOf(IllegalStateException.class);
        assertThat(locks.roots()).isEmpty();

        as("u1/c1", a::keepUser);
        HoldInfo before = locks.list(pathA).get(0);
        assertThatThrownBy(() -> as("u1/c1", () -> keepAndThrow(a, new IOException("disk"))))
                .hasRootCauseInstanceOf(IOException.class);
        assertThat(locks.list(pathA)).containsExactly(before);
        as("u1/c1", a::free);
    }

    private static void keepAndThrow(Device device, Exception failure) {
        try {
            device.keepUser(() -> {
                throw failure;
            });
        } catch (Exception thrown) {
            throw new IllegalArgumentException(thrown);
        }
    }

    @Test
    void ar09_aDryRunLocksAndReleasesNothing() {
        as("u1/c1", a::keepUser);
        boolean[] ran = {false};
        as("u2/c2", () -> a.plan(true, () -> ran[0] = true));
        assertThat(ran[0]).isTrue();
        assertThatThrownBy(() -> as("u2/c2", () -> a.plan(false, () -> {}))).isInstanceOf(LockBusyException.class);
        as("u1/c1", () -> a.free(true));
        assertThat(locks.list(pathA)).hasSize(1);

        List<HoldInfo> before = locks.list(pathA);
        assertThat(callAs("u2/c2", () -> locks.check(LockRequest.user(pathX))))
                .hasValueSatisfying(
                        refused -> assertThat(refused.blockingPath()).isEqualTo(pathA));
        assertThat(callAs("u1/c2", () -> locks.check(LockRequest.user(pathX)))).isEmpty();
        assertThat(locks.list(pathA)).isEqualTo(before);
        as("u1/c1", () -> a.free(false));
        assertThat(locks.roots()).isEmpty();
        assertThat(callAs("u2/c2", () -> locks.check(LockRequest.user(pathX)))).isEmpty();
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void ar13_anEmergencyStopIsNotStopped() {
        Instrument robot = new Instrument("robot");
        LockPath path = locks.pathOf(robot);
        as("u1/c1", () -> locks.acquire(LockRequest.user(path).keep()));
        as("u1/c1", () -> robot.setSpeed(5));
        assertThatThrownBy(() -> as("u2/c2", () -> robot.setSpeed(7))).isInstanceOf(LockBusyException.class);
        as("u2/c2", robot::stop);
        assertThat(callAs("u1/c1", robot::speed)).isZero();
        assertThatThrownBy(() -> as("u2/c2", () -> robot.setSpeed(7)))
                .as("the exemption ends with the stop")
                .isInstanceOf(LockBusyException.class);
        as("u1/c1", () -> locks.release(path));
    }

    @Test
    void ar14_aCallWaitsForARunningOneAndNotForAKeptLock() {
        CountDownLatch leave = new CountDownLatch(1);
        Running<Boolean> short1 = start("u1/c1", () -> {
            a.userCall(() -> await(() -> leave.getCount() == 0));
            return true;
        });
        await(() -> !locks.list(pathA).isEmpty());
        Running<Boolean> call = start("u2/c2", () -> {
            a.userCall(() -> {});
            return true;
        });
        awaitWaiters("prj/a", 1);
        leave.countDown();
        assertThat(call.result()).isTrue();
        assertThat(short1.result()).isTrue();

        as("u1/c1", a::keepUser);
        assertThatThrownBy(() -> as("u2/c2", () -> a.userCall(() -> {})))
                .isInstanceOf(ObjectLockedException.class)
                .hasMessageContaining("u1");
        as("u1/c1", a::free);
    }

    @Test
    void ar04_theScopeOfAKeptLockIsChangedByItsOwner() {
        as("u1/c1", () -> locks.acquire(LockRequest.user(pathA).objectOnly().keep()));
        as("u2/c2", () -> locks.acquire(LockRequest.user(pathX).shared().keep()));
        HoldInfo before = locks.list(pathA).get(0);
        assertThatThrownBy(() -> as("u1/c1", () -> locks.changeScope(pathA, LockScope.TREE)))
                .isInstanceOfSatisfying(ObjectLockedException.class, refused -> assertThat(refused.blockingPath())
                        .isEqualTo(pathX));
        assertThatThrownBy(() -> as("u2/c2", () -> locks.changeScope(pathA, LockScope.TREE)))
                .isInstanceOf(LockNotHeldException.class);
        assertThat(locks.list(pathA)).contains(before);
        as("u2/c2", () -> locks.release(pathX));

        as("u1/c1", () -> locks.changeScope(pathA, LockScope.TREE));
        HoldInfo wider = locks.list(pathA).get(0);
        assertThat(wider.id()).isEqualTo(before.id());
        assertThat(wider.scope()).isEqualTo(LockScope.TREE);
        assertThat(wider.fence()).isGreaterThan(before.fence());
        assertThat(nextEvent(LockEvent.ScopeChanged.class).holds()).containsExactly(wider);
        assertThatThrownBy(() -> as("u2/c2", x::touch)).isInstanceOf(ObjectLockedException.class);

        Running<Boolean> waiter = start("u2/c2", () -> {
            locks.acquire(LockRequest.user(pathX).waitFor(Duration.ofHours(1))).close();
            return true;
        });
        awaitWaiters("prj/a/x", 1);
        as("u1/c1", () -> locks.changeScope(pathA, LockScope.OBJECT));
        assertThat(waiter.result()).isTrue();
        as("u2/c2", x::touch);
        assertThatThrownBy(() -> as("u2/c2", a::touch)).isInstanceOf(ObjectLockedException.class);
        as("u1/c1", a::free);
    }

    @Test
    void ar05_anObjectIsMovedWhileItsOwnerHoldsIt() {
        LockPath there = LockPath.of("prj", "b", "x");
        as("u1/c1", () -> locks.acquire(LockRequest.user(pathX).keep()));
        HoldInfo before = locks.list(pathX).get(0);
        assertThatThrownBy(() -> as("u2/c2", () -> locks.move(pathX, there))).isInstanceOf(LockNotHeldException.class);
        as("u1/c1", () -> locks.move(pathX, there));
        assertThat(locks.list(pathX)).isEmpty();
        assertThat(locks.list(there)).containsExactly(before.at(there));
        assertThat(nextEvent(LockEvent.Moved.class)).satisfies(moved -> {
            assertThat(moved.from()).isEqualTo(pathX);
            assertThat(moved.to()).isEqualTo(there);
            assertThat(moved.holds()).containsExactly(before.at(there));
        });
        Device moved = new Device(b, "x");
        as("u1/c1", moved::change);
        assertThatThrownBy(() -> as("u2/c2", moved::touch)).isInstanceOf(ObjectLockedException.class);
        as("u2/c2", x::touch);
        assertThat(callAs("u1/c1", () -> locks.release(there))).isEqualTo(Released.RELEASED);
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void ar05_aMoveTakesEverybodyAlongAndIsRefusedWhereItWouldConflict() {
        LockPath there = LockPath.of("prj", "b", "a");
        as("u1/c1", () -> locks.acquire(LockRequest.user(pathA).objectOnly().keep()));
        Hold others = callAs("u2/c2", () -> locks.acquire(LockRequest.monitor(pathX)));
        Running<Long> waiter = start("u3/c3", () -> {
            try (Hold hold = locks.acquire(LockRequest.monitor(pathX).waitFor(Duration.ofHours(1)))) {
                assertThat(hold.paths()).containsExactly(there.child("x"));
                return hold.fence();
            }
        });
        awaitWaiters("prj/a/x", 1);

        as(
                "u4/c4",
                () -> locks.acquire(LockRequest.user(LockPath.of("prj", "b")).keep()));
        assertThatThrownBy(() -> as("u1/c1", () -> locks.move(pathA, there)))
                .isInstanceOfSatisfying(
                        ObjectLockedException.class,
                        refused -> assertThat(refused.holder().user()).isEqualTo("u4"));
        assertThat(locks.list(pathA)).hasSize(2);
        as("u4/c4", () -> locks.release(LockPath.of("prj", "b")));

        as("u1/c1", () -> locks.move(pathA, there));
        assertThat(locks.list(pathA)).isEmpty();
        assertThat(locks.list(there)).hasSize(2);
        assertThat(others.paths()).containsExactly(there.child("x"));
        awaitWaiters("prj/b/a/x", 1);
        long fence = others.fence();
        others.close();
        assertThat(waiter.result()).isGreaterThan(fence);
        as("u1/c1", () -> locks.release(there));
        assertThatThrownBy(() -> as("u1/c1", () -> locks.move(pathA, LockPath.of("other", "a"))))
                .isInstanceOf(LockConfigurationException.class);
        assertThatThrownBy(() -> as("u1/c1", () -> locks.move(pathA, pathX)))
                .isInstanceOf(LockConfigurationException.class);
    }

    @Test
    void aRemovedObjectEndsItsHoldsAndTellsItsWaiters() {
        as("u1/c1", () -> locks.acquire(LockRequest.user(pathX).keep()));
        Running<Throwable> waiter = start(
                "u2/c2",
                () -> catchThrowable(() -> locks.acquire(LockRequest.user(pathX).waitFor(Duration.ofHours(1)))));
        awaitWaiters("prj/a/x", 1);
        as(
                "u3/c3",
                () -> locks.run(LockRequest.monitor(pathA), () -> {
                    assertThat(locks.remove(pathA)).isEqualTo(1);
                    assertThat(locks.list(LockPath.of("prj"))).isEmpty();
                }));
        assertThat(waiter.result()).isInstanceOf(LockNotHeldException.class).hasMessageContaining("removed by u3");
        assertThat(nextEvent(LockEvent.Removed.class).holds()).singleElement().satisfies(hold -> assertThat(hold.path())
                .isEqualTo(pathX));
        assertThatThrownBy(() -> as("u1/c1", x::change))
                .isInstanceOfSatisfying(
                        LockLostException.class,
                        lost -> assertThat(lost.loss().reason()).isEqualTo(Loss.Reason.REMOVED));
    }

    @Test
    void ar10_aLostConnectionKeepsItsLocksForAWhile() {
        LockPath other = LockPath.of("prj2", "deep", "down");
        ClientSession first = locks.sessions().open("u1", SessionPolicy.grace(Duration.ofMinutes(1)));
        first.run(() -> {
            locks.acquire(LockRequest.user(LockPath.of("prj")).keep());
            locks.acquire(LockRequest.client(pathX).keep());
            locks.acquire(LockRequest.user(other).keep());
        });
        first.disconnect();
        assertThat(first.isOpen()).isFalse();
        store.pass(Duration.ofSeconds(59));
        assertThat(locks.list(LockPath.of("prj"))).hasSize(2);

        ClientSession again = locks.sessions().resume(first.id());
        assertThat(again.owner()).isEqualTo(first.owner());
        first.close();
        store.pass(Duration.ofHours(1));
        assertThat(locks.list(LockPath.of("prj"))).hasSize(2);
        assertThat(locks.list(other)).hasSize(1);

        events.clear();
        again.disconnect();
        store.pass(Duration.ofSeconds(60));
        assertThat(locks.roots()).isEmpty();
        List<LockEvent> told = List.of(nextEvent(LockEvent.Lost.class), nextEvent(LockEvent.Lost.class));
        assertThat(told).extracting(event -> event.root().toString()).containsExactlyInAnyOrder("prj", "prj2");
        assertThat(told).extracting(event -> event.holds().size()).containsExactlyInAnyOrder(2, 1);
        assertThat(events).isEmpty();
        assertThatThrownBy(() -> locks.sessions().resume(first.id())).isInstanceOf(LockAuthenticationException.class);
        assertThatThrownBy(() -> locks.sessions().resume("c1.guessed")).isInstanceOf(LockAuthenticationException.class);
    }

    @Test
    void ar10_anyLoginOfTheUserKeepsTheUsersLocks() {
        ClientSession first = locks.sessions().open("u1", SessionPolicy.grace(Duration.ofMinutes(1)));
        first.run(() -> {
            locks.acquire(LockRequest.user(pathA).keep());
            locks.acquire(LockRequest.client(LockPath.of("prj", "b")).keep());
        });
        first.disconnect();
        ClientSession second = locks.sessions().open("u1");
        store.pass(Duration.ofHours(1));
        assertThat(locks.list(LockPath.of("prj"))).singleElement().satisfies(hold -> assertThat(hold.path())
                .isEqualTo(pathA));
        second.close();
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void ar10_aPolicyToStayOutlivesEveryAbsence() {
        ClientSession stays = locks.sessions().open("u1", SessionPolicy.STAY);
        stays.run(() -> locks.acquire(LockRequest.client(pathA).keep()));
        stays.disconnect();
        store.pass(Duration.ofHours(5));
        assertThat(locks.list(pathA)).hasSize(1);
        locks.sessions().resume(stays.id()).close();
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void aUserIsThrownOut() {
        ClientSession one = locks.sessions().open("u1", SessionPolicy.STAY);
        ClientSession two = locks.sessions().open("u1");
        one.run(() -> locks.acquire(LockRequest.user(pathA).keep()));
        two.run(() -> locks.acquire(LockRequest.client(LockPath.of("prj2")).keep()));
        assertThatThrownBy(() -> as("u2/c2", () -> locks.sessions().end("u1", "no")))
                .isInstanceOf(LockPrivilegeException.class);
        assertThat(callAs("su/c9", () -> locks.sessions().end("u1", "shift is over")))
                .isEqualTo(2);
        assertThat(one.isOpen() || two.isOpen()).isFalse();
        assertThat(locks.roots()).isEmpty();
        assertThat(nextEvent(LockEvent.Overridden.class).reason()).isEqualTo("shift is over");
        assertThatThrownBy(() -> locks.sessions().resume(one.id())).isInstanceOf(LockAuthenticationException.class);
    }

    @Test
    void ar11_aNewcomerGetsWhatIsKeptAndThenEveryChange() throws Exception {
        ClientSession own = locks.sessions().open("u1", SessionPolicy.grace(Duration.ofMinutes(1)));
        own.run(() -> locks.acquire(LockRequest.user(pathA).keep()));
        own.disconnect();
        as(
                "u2/c2",
                () -> locks.acquire(LockRequest.client(LockPath.of("prj", "b")).keep()));
        as(
                "u3/c3",
                () -> locks.acquire(LockRequest.user(LockPath.of("elsewhere")).keep()));

        BlockingQueue<Object> told = new LinkedBlockingQueue<>();
        LockWatcher watcher = new LockWatcher() {
            @Override
            public void onSnapshot(LockSnapshot snapshot) {
                told.add(snapshot);
            }

            @Override
            public void onEvent(LockEvent event) {
                told.add(event);
            }
        };
        ClientSession back = locks.sessions().resume(own.id());
        Subscription watching = locks.watch(LockPath.of("prj"), watcher);
        try {
            LockSnapshot snapshot = (LockSnapshot) told.poll(20, TimeUnit.SECONDS);
            assertThat(snapshot.holds()).extracting(hold -> hold.owner().user()).containsExactly("u1", "u2");
            assertThat(snapshot.afterGap()).isFalse();

            as("u2/c2", () -> b.userCall(() -> {}));
            as("u2/c2", () -> locks.release(LockPath.of("prj", "b")));
            as("u3/c3", () -> locks.release(LockPath.of("elsewhere")));
            back.close();
            LockEvent first = (LockEvent) told.poll(20, TimeUnit.SECONDS);
            LockEvent second = (LockEvent) told.poll(20, TimeUnit.SECONDS);
            assertThat(first).isInstanceOf(LockEvent.Released.class);
            assertThat(first.holds().get(0).owner().user()).isEqualTo("u2");
            assertThat(second).isInstanceOf(LockEvent.Released.class);
            assertThat(second.holds().get(0).path()).isEqualTo(pathA);
            assertThat(first.number()).isGreaterThan(snapshot.number());
            assertThat(second.number()).isGreaterThan(first.number());
            assertThat(told).isEmpty();
        } finally {
            watching.close();
        }
    }

    @Test
    void ar12_aSuccessfulRenameGivesTheLockBackWhereverItHasMoved() {
        LockPath there = LockPath.of("prj", "b", "x");
        as("u1/c1", x::keepUser);
        assertThatThrownBy(() -> as(
                        "u1/c1",
                        () -> x.rename(() -> {
                            throw new IllegalStateException("name is taken");
                        })))
                .hasMessage("name is taken");
        assertThat(locks.list(pathX)).hasSize(1);
        events.clear();
        as("u1/c1", () -> x.rename(() -> locks.move(pathX, there)));
        assertThat(locks.roots()).isEmpty();
        assertThat(nextEvent(LockEvent.Released.class).holds())
                .singleElement()
                .satisfies(hold -> assertThat(hold.path()).isEqualTo(there));

        as("u1/c1", x::keepUser);
        as("u1/c1", () -> x.rename(() -> {}));
        assertThat(locks.roots()).isEmpty();
    }
}
