package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.objectlock.Hold;
import dev.objectlock.LockDeadlockException;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.LockTimeoutException;
import dev.objectlock.testkit.fixtures.Device;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Flows that wait for each other. */
public abstract class DeadlockCases extends BackendCases {

    private static final Duration LONG = Duration.ofHours(1);

    /** For the subclasses. */
    protected DeadlockCases() {}

    private static LockRequest monitor(String path) {
        return LockRequest.monitor(path(path)).waitFor(LONG);
    }

    /** Takes one, waits until all have, and then takes the next; returns the error, if there is one. */
    private Optional<Throwable> inTurn(LockRequest first, CyclicBarrier all, LockRequest second) {
        try (Hold held = locks.acquire(first)) {
            all.await(20, TimeUnit.SECONDS);
            Throwable failure = catchThrowable(() -> locks.acquire(second).close());
            assertThat(held.isHeld()).isTrue();
            return Optional.ofNullable(failure);
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
    }

    private LockDeadlockException onlyDeadlock(List<Running<Optional<Throwable>>> flows) {
        List<Throwable> failures =
                flows.stream().map(Running::result).flatMap(Optional::stream).toList();
        assertThat(failures).singleElement().isInstanceOf(LockDeadlockException.class);
        return (LockDeadlockException) failures.get(0);
    }

    @Test
    void xx08_oneOfTwoFlowsGetsAnErrorThatShowsTheCycle() {
        for (int round = 0; round < 50; round++) {
            CyclicBarrier both = new CyclicBarrier(2);
            LockDeadlockException deadlock = onlyDeadlock(List.of(
                    start("u1", () -> inTurn(monitor("a"), both, monitor("b"))),
                    start("u2", () -> inTurn(monitor("b"), both, monitor("a")))));
            assertThat(deadlock.cycle()).hasSize(2);
            assertThat(deadlock.cycle())
                    .extracting(link -> link.waitsFor().toString())
                    .containsExactlyInAnyOrder("a", "b");
            assertThat(deadlock.cycle()).extracting(link -> link.owner().user()).containsExactlyInAnyOrder("u1", "u2");
            assertThat(deadlock).hasMessageContaining("u1").hasMessageContaining("u2");
        }
    }

    @Test
    void xx08_wovenCallsToo() {
        Device one = new Device(null, "one");
        Device two = new Device(null, "two");
        CyclicBarrier both = new CyclicBarrier(2);
        LockDeadlockException deadlock = onlyDeadlock(
                List.of(start("u1", () -> nested(one, both, two)), start("u2", () -> nested(two, both, one))));
        assertThat(deadlock.cycle()).hasSize(2);
    }

    private static Optional<Throwable> nested(Device outer, CyclicBarrier both, Device inner) {
        return Optional.ofNullable(catchThrowable(() -> outer.monitorCall(() -> {
            arrive(both);
            inner.monitorCall(() -> {});
        })));
    }

    private static void arrive(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
    }

    @Test
    void aCycleOfManyFlowsIsSeen() {
        int count = 6;
        CyclicBarrier all = new CyclicBarrier(count);
        List<Running<Optional<Throwable>>> flows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            LockRequest own = monitor("ring/" + i);
            LockRequest next = monitor("ring/" + (i + 1) % count);
            flows.add(start("u" + i, () -> inTurn(own, all, next)));
        }
        assertThat(onlyDeadlock(flows).cycle()).hasSize(count);
    }

    @Test
    void twoReadersWhoBothWantToWriteAreADeadlock() {
        CyclicBarrier both = new CyclicBarrier(2);
        LockRequest read = LockRequest.monitor(path("a")).shared();
        LockDeadlockException deadlock = onlyDeadlock(List.of(
                start("u1", () -> inTurn(read, both, monitor("a"))),
                start("u2", () -> inTurn(read, both, monitor("a")))));
        assertThat(deadlock.cycle()).hasSize(2);
    }

    /** A cycle may go through a reader who is not the one that is named as being in the way. */
    @Test
    void everyHoldThatIsInTheWayIsFollowed() {
        LockRequest read = LockRequest.monitor(path("a")).shared();
        CountDownLatch leave = new CountDownLatch(1);
        Running<Boolean> bystander = start("u3", () -> {
            try (Hold held = locks.acquire(read)) {
                await(() -> leave.getCount() == 0);
                return held.isHeld();
            }
        });
        await(() -> locks.list(path("a")).size() == 1);
        CyclicBarrier both = new CyclicBarrier(2);
        List<Running<Optional<Throwable>>> flows = List.of(
                start("u1", () -> inTurn(read, both, monitor("b"))),
                start("u2", () -> inTurn(monitor("b"), both, monitor("a"))));
        await(() -> flows.stream().anyMatch(Running::isDone));
        leave.countDown();
        assertThat(onlyDeadlock(flows).cycle()).hasSize(2);
        assertThat(bystander.result()).isTrue();
    }

    @Test
    void aFlowThatOnlyWaitsIsNoDeadlock() {
        Hold held = callAs("u1", () -> locks.acquire(monitor("a")));
        Running<Boolean> waiter = start(
                "u2",
                () -> locks.call(monitor("b"), () -> {
                    locks.acquire(monitor("a")).close();
                    return true;
                }));
        awaitWaiters("a", 1);
        Running<Boolean> behind = start("u3", () -> {
            locks.acquire(monitor("b")).close();
            return true;
        });
        awaitWaiters("b", 1);
        held.close();
        assertThat(waiter.result()).isTrue();
        assertThat(behind.result()).isTrue();
    }

    @Test
    void keptLocksWaitOutTheirTime() {
        LockRequest wanted = LockRequest.user(path("b")).keep().waitFor(Duration.ofSeconds(5));
        as("u1", () -> locks.acquire(LockRequest.user(path("a")).keep()));
        as("u2", () -> locks.acquire(LockRequest.user(path("b")).keep()));
        Running<Throwable> one = start("u1", () -> catchThrowable(() -> locks.acquire(wanted)));
        awaitWaiters("b", 1);
        LockRequest other = LockRequest.user(path("a")).keep().waitFor(Duration.ofSeconds(5));
        Running<Throwable> two = start("u2", () -> catchThrowable(() -> locks.acquire(other)));
        awaitWaiters("a", 1);
        store.pass(Duration.ofSeconds(5));
        assertThat(one.result()).isInstanceOf(LockTimeoutException.class);
        assertThat(two.result()).isInstanceOf(LockTimeoutException.class);
        as("u1", () -> locks.release(path("a")));
        as("u2", () -> locks.release(path("b")));
    }

    @Test
    void twoFlowsAndTwoCountingLocksOfOneSlotAreADeadlock() {
        LockRequest a = LockRequest.monitor(path("a")).slots(1).waitFor(LONG);
        LockRequest b = LockRequest.monitor(path("b")).slots(1).waitFor(LONG);
        CyclicBarrier both = new CyclicBarrier(2);
        onlyDeadlock(List.of(start("u1", () -> inTurn(a, both, b)), start("u2", () -> inTurn(b, both, a))));
    }

    @Test
    void severalTreesInOneRequestNeverWaitForEachOther() {
        LockPath a = path("a");
        LockPath b = path("b");
        List<Running<Boolean>> flows = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            LockRequest both = i % 2 == 0 ? LockRequest.monitor(a, b) : LockRequest.monitor(b, a);
            flows.add(start("u" + i, () -> {
                for (int round = 0; round < 300; round++) {
                    locks.acquire(both.waitFor(LONG)).close();
                }
                return true;
            }));
        }
        flows.forEach(flow -> assertThat(flow.result()).isTrue());
        assertThat(locks.roots()).isEmpty();
    }
}
