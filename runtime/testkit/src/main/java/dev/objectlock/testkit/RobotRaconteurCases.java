package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.AsyncObjectLocks;
import dev.objectlock.Hold;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockEvent;
import dev.objectlock.LockLostException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockPrivilegeException;
import dev.objectlock.LockRequest;
import dev.objectlock.Loss;
import dev.objectlock.MonitorLockedException;
import dev.objectlock.ObjectLockedException;
import dev.objectlock.Refused;
import dev.objectlock.Released;
import dev.objectlock.testkit.fixtures.Device;
import dev.objectlock.testkit.fixtures.Instrument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Users, clients and monitors on a tree of objects, as Robot Raconteur has them. */
public abstract class RobotRaconteurCases extends BackendCases {

    private static final LockPath O1 = LockPath.of("svc", "o1");

    private final Device svc = new Device(null, "svc");
    private final Device o1 = new Device(svc, "o1");
    private final Device o2 = new Device(o1, "o2");

    /** For the subclasses. */
    protected RobotRaconteurCases() {}

    private void passesEverywhere(String owner) {
        as(owner, () -> {
            svc.touch();
            o1.touch();
            o2.touch();
        });
    }

    private void isRefused(String owner, Device device, String holder, String blockingPath) {
        assertThatThrownBy(() -> as(owner, device::touch)).isInstanceOfSatisfying(LockBusyException.class, refused -> {
            assertThat(refused.holder().user()).isEqualTo(holder);
            assertThat(refused.blockingPath()).hasToString(blockingPath);
            assertThat(refused).hasMessageContaining(holder).hasMessageContaining(blockingPath);
        });
    }

    @Test
    void rr01_releasingWhatNobodyHoldsIsNoError() {
        assertThat(callAs("su/c9", () -> locks.release(O1))).isEqualTo(Released.NOT_HELD);
    }

    @Test
    void rr02_withNothingLockedEverybodyPasses() {
        passesEverywhere("u1/c1");
        passesEverywhere("u1/c2");
        passesEverywhere("u2/c3");
    }

    @Test
    void rr03_rr04_aUserLockAdmitsTheUserOnAllClientsUntilItIsReleased() {
        as("u1/c1", o1::keepUser);
        passesEverywhere("u1/c1");
        passesEverywhere("u1/c2");
        as("u2/c3", svc::touch);
        isRefused("u2/c3", o1, "u1", "svc/o1");
        isRefused("u2/c3", o2, "u1", "svc/o1");

        assertThat(callAs("u1/c1", () -> locks.release(O1))).isEqualTo(Released.RELEASED);
        passesEverywhere("u1/c1");
        passesEverywhere("u1/c2");
        passesEverywhere("u2/c3");
    }

    @Test
    void rr05_rr06_aClientLockAdmitsOneClientUntilItIsTakenAway() throws Exception {
        as("u1/c1", o1::keepClient);
        passesEverywhere("u1/c1");
        isRefused("u1/c2", o1, "u1", "svc/o1");
        isRefused("u2/c3", o1, "u1", "svc/o1");

        assertThat(callAs("su/c9", () -> locks.forceRelease(O1, "needed"))).isEqualTo(1);
        passesEverywhere("u1/c2");
        passesEverywhere("u2/c3");
        LockEvent.Overridden event = nextEvent(LockEvent.Overridden.class);
        assertThat(event.by().user()).isEqualTo("su");
        assertThat(event.reason()).isEqualTo("needed");
        assertThat(event.holds()).singleElement().satisfies(hold -> {
            assertThat(hold.path()).isEqualTo(O1);
            assertThat(hold.owner().client()).isEqualTo("c1");
        });
        assertThatThrownBy(() -> as("u1/c1", o1::touch))
                .isInstanceOfSatisfying(
                        LockLostException.class,
                        lost -> assertThat(lost.loss().reason()).isEqualTo(Loss.Reason.OVERRIDDEN))
                .hasMessageContaining("su")
                .hasMessageContaining("needed");
        passesEverywhere("u1/c1");
    }

    @Test
    void rr06_theHandleOfALostHoldIsTold() {
        CompletableFuture<Loss> told = new CompletableFuture<>();
        Hold hold = callAs("u1/c1", () -> locks.acquire(LockRequest.client(O1).keep()));
        hold.onLost(told::complete);
        as("su/c9", () -> locks.forceRelease(O1, "needed"));
        assertThat(told.join().by()).extracting(LockOwner::user).isEqualTo("su");
        assertThat(hold.isHeld()).isFalse();
        assertThatThrownBy(() -> hold.ensure(Duration.ZERO)).isInstanceOf(LockLostException.class);
        assertThat(hold.release()).isEqualTo(Released.LOST);
    }

    @Test
    void rr07_theOverrideLetsNobodyIn() {
        as("u1/c1", o1::keepUser);
        isRefused("su/c9", o1, "u1", "svc/o1");
        assertThat(callAs("su/c9", () -> locks.tryAcquire(LockRequest.user(O1))).isGranted())
                .isFalse();
        as("u1/c1", o1::free);
    }

    @Test
    void rr08_noUserAndNoPrivilegeAreErrorsOfTheirOwn() {
        assertThatThrownBy(() -> as("guest/c5", o1::keepUser))
                .isInstanceOf(LockPrivilegeException.class)
                .hasMessageContaining("objectlock");
        assertThatThrownBy(() -> locks.runAs(LockOwner.nobody(), o1::keepUser))
                .isInstanceOf(LockAuthenticationException.class)
                .hasMessageContaining("callAs");
        assertThatThrownBy(() -> as("u1/c1", () -> locks.forceRelease(O1, "because")))
                .isInstanceOf(LockPrivilegeException.class)
                .hasMessageContaining("objectlockoverride");
        assertThatThrownBy(() -> locks.runAs(LockOwner.nobody(), () -> locks.forceRelease(O1, "because")))
                .isInstanceOf(LockAuthenticationException.class);
    }

    @Test
    void rr09_aMonitorIsForOneFlowAndOneObject() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Running<Boolean> r1 = start("r1/c1", () -> {
            o1.monitorCall(() -> {
                inside.countDown();
                join(leave);
            });
            return true;
        });
        join(inside);
        as("r2/c2", () -> {
            svc.touch();
            o2.touch();
        });
        List<String> order = new ArrayList<>();
        Running<Boolean> r2 = start("r2/c2", () -> {
            o1.monitorCall(() -> {
                order.add("r2 inside");
                o1.touch();
            });
            return true;
        });
        awaitWaiters("svc/o1", 1);
        assertThat(order).isEmpty();
        leave.countDown();
        assertThat(r1.result()).isTrue();
        assertThat(r2.result()).isTrue();
        assertThat(order).containsExactly("r2 inside");
    }

    @Test
    void rr10_aRefusalSaysWhetherAMonitorOrAnOwnershipLockIsInTheWay() {
        try (Hold monitor = callAs("u1/c1", () -> locks.acquire(LockRequest.monitor(O1)))) {
            assertThat(monitor.isHeld()).isTrue();
            assertThatThrownBy(() -> as(
                            "u2/c3", () -> locks.acquire(LockRequest.monitor(O1).waitFor(Duration.ZERO))))
                    .isInstanceOf(MonitorLockedException.class);
        }
        try (Hold kept =
                callAs("u1/c1", () -> locks.acquire(LockRequest.user(O1).keep()))) {
            assertThat(kept.isHeld()).isTrue();
            assertThatThrownBy(() -> as("u2/c3", () -> locks.acquire(LockRequest.monitor(O1))))
                    .isInstanceOf(ObjectLockedException.class);
        }
    }

    @Test
    void rr11_theApplicationLocksForItselfAndMarkedMembersPass() {
        Instrument laser = new Instrument("laser");
        LockPath path = locks.pathOf(laser);
        locks.runAs(
                LockOwner.application("server"),
                () -> locks.acquire(LockRequest.user(path).keep()));

        assertThatThrownBy(() -> as("u1/c1", () -> laser.setSpeed(1))).isInstanceOf(ObjectLockedException.class);
        assertThatThrownBy(() -> as("u1/c1", laser::speed)).isInstanceOf(ObjectLockedException.class);
        assertThatThrownBy(() -> as("server/c1", laser::speed))
                .as("a user who happens to have the same name")
                .isInstanceOf(ObjectLockedException.class);
        as("u1/c1", laser::stop);
        as("u1/c1", laser::getTemperature);
        assertThatThrownBy(() -> as("u1/c1", () -> laser.setTemperature(1))).isInstanceOf(ObjectLockedException.class);

        locks.runAs(LockOwner.application("server"), () -> locks.release(path));
        as("u1/c1", () -> laser.setSpeed(1));
    }

    @Test
    void rr12_channelsAreNeverBlockedByALock() {
        Instrument laser = new Instrument("laser");
        Device ordinary = new Device(new Device(null, "svc"), "laser");
        as("u1/c1", ordinary::keepUser);
        Collector collector = new Collector();
        as("u2/c3", () -> laser.readings().subscribe(collector));
        await(() -> laser.listeners() == 1);
        as("u1/c1", () -> laser.emit("42"));
        assertThat(collector.items).containsExactly("42");
        assertThatThrownBy(() -> as("u2/c3", laser::speed)).isInstanceOf(ObjectLockedException.class);
        as("u2/c3", () -> collector.subscription.cancel());
        await(() -> laser.listeners() == 0);
        as("u1/c1", ordinary::free);
    }

    @Test
    void rr13_aKeptMonitorEndsWhenItHasNotBeenUsedFor15Seconds() {
        as("u1/c1", () -> {
            o1.keepMonitor();
            for (int i = 0; i < 4; i++) {
                store.pass(Duration.ofSeconds(10));
                o1.touch();
            }
            store.pass(Duration.ofSeconds(14));
            assertThat(locks.list(O1)).hasSize(1);
            store.pass(Duration.ofSeconds(1));
            assertThat(locks.list(O1)).isEmpty();
            assertThatThrownBy(o1::touch).isInstanceOfSatisfying(LockLostException.class, lost -> assertThat(
                            lost.loss().reason())
                    .isEqualTo(Loss.Reason.LEASE_OVER));
            o1.touch();
        });
        assertThat(nextEvent(LockEvent.Expired.class).holds()).hasSize(1);
    }

    @Test
    void rr13_aRunningCallIsUseOfTheMonitor() {
        as("u1/c1", () -> {
            o1.keepMonitor();
            o1.touch(() -> {
                store.pass(Duration.ofMinutes(5));
                assertThat(locks.list(O1)).hasSize(1);
            });
            o1.monitorCall(() -> {
                store.pass(Duration.ofMinutes(5));
                assertThat(locks.list(O1)).hasSize(2);
            });
            store.pass(Duration.ofSeconds(14));
            assertThat(locks.list(O1)).hasSize(1);
            o1.free();
        });
    }

    private static void join(CountDownLatch latch) {
        await(() -> latch.getCount() == 0);
    }

    private static final class Collector implements Flow.Subscriber<String> {
        private final List<String> items = new ArrayList<>();

        @SuppressWarnings("NullAway.Init")
        private volatile Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String item) {
            items.add(item);
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onComplete() {
            items.add("complete");
        }
    }

    @Test
    void rr14_asynchronousRequestAndReleaseCompleteWithTheirResults() throws Exception {
        AsyncObjectLocks async = locks.async();
        LockRequest keep = LockRequest.user(O1).keep();
        Hold held = callAs("u1/c1", () -> async.acquire(keep)).get(20, TimeUnit.SECONDS);
        assertThat(held.isHeld()).isTrue();
        assertThat(callAs("u2/c3", () -> async.tryAcquire(keep)).get(20, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.holder().user()).isEqualTo("u1"));
        assertThat(callAs("u2/c3", () -> async.acquire(keep)))
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOf(ObjectLockedException.class);
        CompletableFuture<Hold> waits = callAs("u2/c3", () -> async.acquire(keep.waitFor(Duration.ofHours(1))));
        CompletableFuture<Hold> givesUp = callAs("u3/c4", () -> async.acquire(keep.waitFor(Duration.ofHours(1))));
        awaitWaiters("svc/o1", 2);
        givesUp.cancel(true);
        awaitWaiters("svc/o1", 1);
        assertThat(callAs("u1/c1", () -> async.release(O1)).get(20, TimeUnit.SECONDS))
                .isEqualTo(Released.RELEASED);
        assertThat(waits.get(20, TimeUnit.SECONDS).release()).isEqualTo(Released.RELEASED);
        assertThat(callAs("u1/c1", () -> async.release(O1)).get(20, TimeUnit.SECONDS))
                .isEqualTo(Released.NOT_HELD);
    }

    @Test
    void rr14_asynchronousWorkHoldsItsLockUntilItsStageIsOver() throws Exception {
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> out =
                callAs("u1/c1", () -> locks.async().call(LockRequest.monitor(O1), hold -> work));
        assertThat(callAs("u2/c3", () -> locks.tryAcquire(LockRequest.monitor(O1)))
                        .isGranted())
                .isFalse();
        work.complete("done");
        assertThat(out.get(20, TimeUnit.SECONDS)).isEqualTo("done");
        assertThat(locks.roots()).isEmpty();

        CompletableFuture<String> failing =
                callAs("u1/c1", () -> locks.async().call(LockRequest.user(O1).keep(), hold -> {
                    throw new IllegalStateException("broken");
                }));
        assertThat(failing).isCompletedExceptionally();
        assertThat(locks.roots()).isEmpty();

        CompletableFuture<String> cancelled = new CompletableFuture<>();
        CompletableFuture<String> given =
                callAs("u1/c1", () -> locks.async().call(LockRequest.monitor(O1), hold -> cancelled));
        given.cancel(true);
        assertThat(cancelled).isCancelled();
        assertThat(locks.roots()).isEmpty();
    }
}
