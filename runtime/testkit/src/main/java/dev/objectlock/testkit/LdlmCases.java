package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.objectlock.Attempt;
import dev.objectlock.ClientSession;
import dev.objectlock.Hold;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.LockTimeoutException;
import dev.objectlock.MonitorLockedException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Refused;
import dev.objectlock.Released;
import dev.objectlock.Renewal;
import dev.objectlock.testkit.fixtures.Device;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** Named locks with a size, as LDLM has them. */
public abstract class LdlmCases extends BackendCases {

    private static final LockPath EXPENSIVE = LockPath.of("expensive");
    private static final int CLIENTS = 80;
    private static final int NAMES = 24;

    /** How often each of the clients works. */
    private static final int ROUNDS = Integer.getInteger("objectlock.rounds", 50);

    /** How long that may take at most, on a slow machine. */
    private static final Duration PATIENCE =
            Duration.ofSeconds(20).plus(Duration.ofMillis(20).multipliedBy(ROUNDS));

    /** For the subclasses. */
    protected LdlmCases() {}

    @Test
    void ld01_asManyAsThereAreSlotsAndNoMore() {
        LockRequest slot = LockRequest.monitor(EXPENSIVE).slots(20);
        List<Hold> held = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            held.add(callAs(i % 2 == 0 ? "u" + i : "u1", () -> locks.acquire(slot)));
        }
        assertThat(callAs("u1", () -> locks.tryAcquire(slot))).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.byMonitor()).isTrue();
            assertThat(refused.blocker().hold().slots()).isEqualTo(20);
        });
        List<Integer> order = new ArrayList<>();
        List<Running<Boolean>> waiters = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int number = i;
            waiters.add(start("u3", () -> {
                Hold hold = locks.acquire(slot.waitFor(Duration.ofHours(1)));
                order.add(number);
                hold.close();
                return true;
            }));
            awaitWaiters("expensive", i + 1);
        }
        assertThat(callAs("u1", () -> locks.tryAcquire(slot)).isGranted()).isFalse();
        held.get(7).close();
        waiters.forEach(Running::result);
        assertThat(order).containsExactly(0, 1);
        assertThat(locks.list(EXPENSIVE)).hasSize(19);
        held.forEach(Hold::close);
    }

    @Test
    void ld01_wovenCallsTakeSlots() {
        Device device = new Device(null, "device");
        as(
                "u1",
                () -> device.inSlot(() -> as(
                        "u2",
                        () -> device.inSlot(() -> {
                            assertThatThrownBy(() -> as("u3", () -> device.inSlot(() -> {})))
                                    .isInstanceOf(MonitorLockedException.class);
                            assertThat(locks.list(LockPath.of("device"))).hasSize(2);
                        }))));
        assertThat(locks.roots()).isEmpty();
        as("u1", device::keepSlot);
        as("u1", device::keepSlot);
        assertThat(locks.list(LockPath.of("device"))).hasSize(2).allMatch(hold -> hold.kept());
        assertThat(callAs("u1", () -> locks.release(LockPath.of("device")))).isEqualTo(Released.NOT_HELD);
        assertThatThrownBy(() -> as("u3", () -> device.inSlot(() -> {}))).isInstanceOf(LockBusyException.class);
        store.pass(Duration.ofMinutes(1));
        as("u3", () -> device.inSlot(() -> {}));
    }

    @Test
    void ld01_slotsShutOutEverythingElse() {
        try (Hold slot =
                callAs("u1", () -> locks.acquire(LockRequest.monitor(EXPENSIVE).slots(20)))) {
            assertThat(callAs("u2", () -> locks.tryAcquire(LockRequest.monitor(EXPENSIVE)))
                            .isGranted())
                    .isFalse();
            assertThat(callAs("u2", () -> locks.tryAcquire(LockRequest.user(EXPENSIVE)))
                            .isGranted())
                    .isFalse();
            assertThat(callAs(
                                    "u2",
                                    () -> locks.tryAcquire(
                                            LockRequest.user(EXPENSIVE).shared()))
                            .isGranted())
                    .isFalse();
            assertThat(slot.isHeld()).isTrue();
        }
        try (Hold monitor = callAs("u1", () -> locks.acquire(LockRequest.monitor(EXPENSIVE)))) {
            assertThat(callAs(
                                    "u2",
                                    () -> locks.tryAcquire(
                                            LockRequest.monitor(EXPENSIVE).slots(20)))
                            .isGranted())
                    .isFalse();
            assertThat(monitor.isHeld()).isTrue();
        }
    }

    @Test
    void ld02_theFirstFixesTheNumberOfSlots() {
        Hold first =
                callAs("u1", () -> locks.acquire(LockRequest.monitor(EXPENSIVE).slots(2)));
        assertThatThrownBy(() -> as(
                        "u2", () -> locks.acquire(LockRequest.monitor(EXPENSIVE).slots(3))))
                .isInstanceOf(LockConfigurationException.class)
                .hasMessageContaining("2 slots")
                .hasMessageContaining("3");
        assertThatThrownBy(() -> as(
                        "u2", () -> locks.check(LockRequest.monitor(EXPENSIVE).slots(3))))
                .isInstanceOf(LockConfigurationException.class);
        first.close();
        callAs("u2", () -> locks.acquire(LockRequest.monitor(EXPENSIVE).slots(3)))
                .close();
    }

    @Test
    void ld02_withOneSlotASecondTakeByTheSameFlowWaits() {
        LockRequest one = LockRequest.monitor(EXPENSIVE).slots(1);
        Hold[] first = new Hold[1];
        Running<Boolean> flow = start("u1", () -> {
            first[0] = locks.acquire(one);
            locks.acquire(one.waitFor(Duration.ofHours(1))).close();
            return true;
        });
        awaitWaiters("expensive", 1);
        assertThat(flow.isDone()).isFalse();
        first[0].close();
        assertThat(flow.result()).isTrue();
    }

    @Test
    void ld03_aTimeOutIsAnErrorOfItsOwnAndTakesNoSlotLater() {
        LockRequest slot = LockRequest.monitor(EXPENSIVE).slots(1);
        Hold first = callAs("u1", () -> locks.acquire(slot));
        Running<Throwable> waiter =
                start("u2", () -> catchThrowable(() -> locks.acquire(slot.waitFor(Duration.ofSeconds(3)))));
        awaitWaiters("expensive", 1);
        store.pass(Duration.ofSeconds(3));
        assertThat(waiter.result())
                .isInstanceOfSatisfying(LockTimeoutException.class, timeout -> assertThat(timeout.waited())
                        .isGreaterThanOrEqualTo(Duration.ofSeconds(3)));
        first.close();
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void ld04_whoeverDisconnectsFreesWhatItHeldAndIsNotGrantedAfterwards() {
        LockPath other = LockPath.of("other");
        ClientSession one = locks.sessions().open("u1");
        ClientSession two = locks.sessions().open("u2");
        one.run(() -> locks.acquire(LockRequest.client(EXPENSIVE).keep()));
        two.run(() -> locks.acquire(LockRequest.client(other).keep()));
        Running<Throwable> waiter = start(
                "u9",
                () -> catchThrowable(() -> two.call(
                        () -> locks.acquire(LockRequest.client(EXPENSIVE).waitFor(Duration.ofHours(1))))));
        awaitWaiters("expensive", 1);
        two.disconnect();
        assertThat(waiter.result()).isInstanceOf(LockAuthenticationException.class);
        assertThat(locks.roots()).containsExactly(EXPENSIVE);
        assertThat(locks.status(EXPENSIVE).waiters()).isEmpty();
        one.disconnect();
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void ld04_aProcessThatDiesFreesAllItHeldAndOnlyThat() {
        assumeThatStore(StoreUnderTest.Capability.PROCESS_TIMEOUT);
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks dying = otherProcess(cable);
        LockRequest slot = LockRequest.monitor(EXPENSIVE).slots(2);
        dying.callAs(owner("u1"), () -> dying.acquire(slot));
        dying.callAs(
                owner("u1"),
                () -> dying.acquire(LockRequest.user(LockPath.of("kept")).keep()));
        Hold own = callAs("u2", () -> locks.acquire(slot));
        Running<Boolean> waiter = start("u3", () -> {
            locks.acquire(slot.waitFor(Duration.ofHours(1))).close();
            return true;
        });
        awaitWaiters("expensive", 1);
        cable.pause();
        store.pass(Duration.ofSeconds(31));
        assertThat(waiter.result()).isTrue();
        assertThat(own.isHeld()).isTrue();
        assertThat(locks.roots()).containsExactly(EXPENSIVE);
        own.close();
        cable.resume();
    }

    @Test
    void ld05_aLateReleaseOfALostHoldFreesNobodyElse() {
        LockRequest leased = LockRequest.monitor(EXPENSIVE).slots(1).keep().lease(Duration.ofSeconds(3));
        Hold first = callAs("u1", () -> locks.acquire(leased));
        Running<Hold> next = start("u2", () -> locks.acquire(leased.waitFor(Duration.ofHours(1))));
        awaitWaiters("expensive", 1);
        store.pass(Duration.ofSeconds(3));
        Hold second = next.result();
        assertThat(second.fence()).isGreaterThan(first.fence());
        assertThat(first.isHeld()).isFalse();
        assertThat(first.release()).isEqualTo(Released.LOST);
        assertThat(second.isHeld()).isTrue();
        assertThat(second.release()).isEqualTo(Released.RELEASED);
    }

    @Test
    void ld06_whatIsRenewedInTimeIsNeverLost() {
        Hold hold = callAs(
                "u1",
                () -> locks.acquire(
                        LockRequest.monitor(EXPENSIVE).slots(1).keep().lease(Duration.ofSeconds(1))));
        for (int i = 0; i < 20; i++) {
            store.pass(Duration.ofMillis(500));
            hold.ensure(Duration.ofMillis(500));
        }
        assertThat(hold.release()).isEqualTo(Released.RELEASED);
    }

    @Test
    void ld06_automaticRenewalDoesTheSameForAsLongAsTheProcessLives() {
        LockRequest leased =
                LockRequest.user(EXPENSIVE).keep().lease(Duration.ofMillis(300)).renewal(Renewal.AUTO);
        Hold hold = callAs("u1", () -> locks.acquire(leased));
        for (int i = 0; i < 100; i++) {
            store.pass(Duration.ofMillis(70));
        }
        assertThat(hold.isHeld()).isTrue();
        assertThat(hold.release()).isEqualTo(Released.RELEASED);
        assertThatThrownBy(() -> LockRequest.user(EXPENSIVE)
                        .keep()
                        .lease(Duration.ofMillis(299))
                        .renewal(Renewal.AUTO))
                .isInstanceOf(LockConfigurationException.class)
                .hasMessageContaining("300 ms");
    }

    @Test
    void ld06_automaticRenewalEndsWithTheProcess() {
        assumeThatStore(StoreUnderTest.Capability.PROCESS_TIMEOUT);
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks dying = otherProcess(cable);
        LockRequest leased =
                LockRequest.user(EXPENSIVE).keep().lease(Duration.ofSeconds(2)).renewal(Renewal.AUTO);
        Hold hold = dying.callAs(owner("u1"), () -> dying.acquire(leased));
        store.pass(Duration.ofSeconds(20));
        assertThat(locks.list(EXPENSIVE)).hasSize(1);
        cable.pause();
        store.pass(Duration.ofSeconds(3));
        assertThat(locks.list(EXPENSIVE)).isEmpty();
        cable.resume();
        assertThat(hold.release()).isEqualTo(Released.LOST);
    }

    @Test
    void ld07_aHoldIsReleasedOnceAndOneThatIsNotGrantedIsEmpty() {
        Hold hold;
        try (Attempt attempt = callAs("u1", () -> locks.tryAcquire(LockRequest.monitor(EXPENSIVE)))) {
            hold = attempt.hold().orElseThrow();
            try (Attempt refused = callAs("u2", () -> locks.tryAcquire(LockRequest.monitor(EXPENSIVE)))) {
                assertThat(refused.hold()).isEmpty();
                assertThat(refused.isGranted()).isFalse();
            }
            assertThat(hold.isHeld()).isTrue();
        }
        assertThat(hold.isHeld()).isFalse();
        assertThat(hold.release()).isEqualTo(Released.NOT_HELD);
        assertThatThrownBy(() -> hold.ensure(Duration.ZERO)).isInstanceOf(LockNotHeldException.class);
    }

    @Test
    void ld08_manyClientsAndFewNames() {
        AtomicIntegerArray inside = new AtomicIntegerArray(NAMES);
        Queue<String> broken = new ConcurrentLinkedQueue<>();
        List<Running<Integer>> clients = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            Random random = new Random(client);
            clients.add(start("u" + client % 7, () -> {
                int granted = 0;
                for (int round = 0; round < ROUNDS; round++) {
                    granted += visit(random.nextInt(NAMES), random, inside, broken);
                }
                return granted;
            }));
        }
        int granted =
                clients.stream().mapToInt(client -> client.result(PATIENCE)).sum();
        assertThat(broken).isEmpty();
        assertThat(granted).isGreaterThan(CLIENTS * ROUNDS / 2);
        assertThat(locks.roots()).isEmpty();
    }

    private int visit(int name, Random random, AtomicIntegerArray inside, Queue<String> broken) {
        LockRequest request = LockRequest.monitor(LockPath.of("name:" + name));
        request = random.nextInt(3) == 0 ? request.keep().lease(Duration.ofMinutes(1)) : request;
        request = random.nextInt(4) == 0 ? request.waitFor(Duration.ZERO) : request.waitFor(Duration.ofHours(1));
        try (Hold hold = locks.acquire(request)) {
            if (inside.incrementAndGet(name) != 1) {
                broken.add(hold + " is not alone");
            }
            Thread.onSpinWait();
            inside.decrementAndGet(name);
            return 1;
        } catch (LockBusyException busy) {
            return 0;
        }
    }
}
