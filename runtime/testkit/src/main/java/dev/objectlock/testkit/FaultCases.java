package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.ClientSession;
import dev.objectlock.Hold;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.LockTimeoutException;
import dev.objectlock.Loss;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Released;
import dev.objectlock.SessionPolicy;
import dev.objectlock.testkit.StoreUnderTest.Capability;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What clocks, networks and restarts do to a store. Whatever it is: nobody is inside whom a hold shuts out, no hold is lost without
 * a word, and fences grow. {@link ProcessDeathCases} has those of processes.
 */
public abstract class FaultCases extends BackendCases {

    private static final LockPath A = LockPath.of("a");
    private static final LockPath B = LockPath.of("b");
    private static final LockPath C = LockPath.of("c");
    private static final Duration LONG = Duration.ofHours(3);
    private static final int PATIENCE_SECONDS = 20;

    /** For the subclasses. */
    protected FaultCases() {}

    /** A store that counts by the time of day may take what it has for over: then it says so. */
    @Test
    void aClockThatIsSetForwardLosesNothingWithoutAWord() throws InterruptedException {
        assumeThatStore(Capability.CLOCK_JUMPS);
        ClientSession screen = locks.sessions().open("u1", SessionPolicy.STAY);
        Map<String, Hold> holds = new LinkedHashMap<>();
        holds.put("kept", screen.call(() -> locks.acquire(LockRequest.user(A).keep())));
        holds.put(
                "leased",
                screen.call(() -> locks.acquire(LockRequest.user(B).keep().lease(Duration.ofMinutes(10)))));
        holds.put("scoped", callAs("u2", () -> locks.acquire(LockRequest.monitor(C))));
        Map<String, Loss> told = new ConcurrentHashMap<>();
        holds.forEach((name, hold) -> hold.onLost(loss -> told.put(name, loss)));

        store.jump(Duration.ofHours(1));
        store.pass(Duration.ofSeconds(11));
        for (Map.Entry<String, Hold> one : holds.entrySet()) {
            Hold hold = one.getValue();
            if (hold.isHeld()) {
                assertThat(told).doesNotContainKey(one.getKey());
                assertThat(hold.release()).isEqualTo(Released.RELEASED);
            } else {
                await(() -> told.containsKey(one.getKey()));
                assertThat(hold.release()).isEqualTo(Released.LOST);
            }
            Hold next = callAs(
                    "u3", () -> locks.acquire(LockRequest.user(hold.paths().get(0))));
            assertThat(next.fence()).isGreaterThan(hold.fence());
            next.close();
        }
        screen.close();
    }

    @Test
    void aClockThatIsSetBackChangesNothingForThoseWhoHoldAndWait() {
        assumeThatStore(Capability.CLOCK_JUMPS);
        Hold hold = callAs("u1", () -> locks.acquire(LockRequest.monitor(A)));
        CompletableFuture<Hold> impatient =
                callAs("u2", () -> locks.async().acquire(LockRequest.monitor(A).waitFor(Duration.ofSeconds(5))));
        CompletableFuture<Hold> patient =
                callAs("u3", () -> locks.async().acquire(LockRequest.monitor(A).waitFor(LONG)));
        awaitWaiters("a", 2);
        store.jump(Duration.ofHours(-1));
        store.pass(Duration.ofSeconds(4));
        assertThat(impatient).isNotDone();
        store.pass(Duration.ofSeconds(2));
        assertThatThrownBy(() -> impatient.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(LockTimeoutException.class);
        assertThat(hold.isHeld()).isTrue();
        assertThat(hold.release()).isEqualTo(Released.RELEASED);
        Hold next = patient.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        assertThat(next.fence()).isGreaterThan(hold.fence());
        store.pass(Duration.ofMinutes(2));
        assertThat(next.isHeld()).isTrue();
        next.close();
    }

    @Test
    void aStoreThatRestartsWithItsDataLosesNothing() {
        assumeThatStore(Capability.RESTARTS);
        BlockingQueue<Loss> losses = new LinkedBlockingQueue<>();
        ClientSession screen = locks.sessions().open("u1");
        Hold kept = screen.call(() -> locks.acquire(LockRequest.user(B).keep()));
        Hold hold = callAs("u1", () -> locks.acquire(LockRequest.monitor(A)));
        CompletableFuture<Hold> waits =
                callAs("u2", () -> locks.async().acquire(LockRequest.monitor(A).waitFor(LONG)));
        awaitWaiters("a", 1);
        kept.onLost(losses::add);
        hold.onLost(losses::add);

        store.restart();
        assertThat(hold.isHeld()).isTrue();
        assertThat(hold.release()).isEqualTo(Released.RELEASED);
        store.pass(Duration.ofSeconds(11));
        Hold next = waits.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        assertThat(next.fence()).isGreaterThan(hold.fence());
        next.close();
        assertThat(kept.isHeld()).isTrue();
        assertThat(losses).isEmpty();
        screen.close();
    }

    /** What is asked for arrives, and is answered when nobody expects it any more. */
    @Test
    void aSlowStoreIsWaitedForAndItsGrantsAreHeld() {
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks far = otherProcess(cable);
        cable.deafen();
        CompletableFuture<Hold> slow = far.callAs(owner("u1"), () -> far.async().acquire(LockRequest.monitor(A)));
        await(() -> locks.list(A).size() == 1);
        assertThat(slow).isNotDone();
        assertThat(callAs("u2", () -> locks.tryAcquire(LockRequest.monitor(A)).hold()))
                .isEmpty();
        store.pass(Duration.ofSeconds(9));
        cable.resume();
        Hold hold = slow.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        assertThat(hold.isHeld()).isTrue();
        assertThat(hold.release()).isEqualTo(Released.RELEASED);
        callAs("u2", () -> locks.acquire(LockRequest.monitor(A))).close();
    }
}
