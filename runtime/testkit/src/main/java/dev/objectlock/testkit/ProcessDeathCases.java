package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.objectlock.ClientSession;
import dev.objectlock.Hold;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockLostException;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.Loss;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Released;
import dev.objectlock.SessionPolicy;
import dev.objectlock.testkit.StoreUnderTest.Capability;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What becomes of a process that its store takes for dead: it was stopped, or could not be heard. Others go on without it, and it
 * learns what it has lost, from the store or by its own clock.
 */
public abstract class ProcessDeathCases extends BackendCases {

    private static final LockPath A = LockPath.of("a");
    private static final Duration LONG = Duration.ofHours(1);

    /** For the subclasses. */
    protected ProcessDeathCases() {}

    @Test
    void xx10_aProcessThatWasPausedReportsItsLossesAndGoesOn() throws Exception {
        assumeThatStore(Capability.PROCESS_TIMEOUT);
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks sleeper = otherProcess(cable);
        ClientSession staying = sleeper.sessions().open("u1", SessionPolicy.STAY);
        ClientSession leaving = sleeper.sessions().open("u2");
        Hold kept = staying.call(
                () -> sleeper.acquire(LockRequest.client(path("kept")).keep()));
        Hold gone = leaving.call(
                () -> sleeper.acquire(LockRequest.client(path("gone")).keep()));
        Hold scoped = sleeper.callAs(owner("u3"), () -> sleeper.acquire(LockRequest.monitor(A)));
        BlockingQueue<Loss> losses = new LinkedBlockingQueue<>();
        scoped.onLost(losses::add);
        gone.onLost(losses::add);

        cable.pause();
        store.pass(Duration.ofSeconds(31));
        Hold next = callAs("u4", () -> locks.acquire(LockRequest.monitor(A)));
        Hold other =
                callAs("u4", () -> locks.acquire(LockRequest.user(path("gone")).keep()));
        assertThat(locks.list(path("kept"))).hasSize(1);

        assertThat(losses.poll(20, TimeUnit.SECONDS))
                .as("the scoped hold is lost, which no store has to say")
                .isNotNull()
                .extracting(Loss::reason)
                .isEqualTo(Loss.Reason.PROCESS_DEAD);
        assertThat(scoped.isHeld()).isFalse();
        assertThat(scoped.release()).isEqualTo(Released.LOST);
        assertThat(losses).isEmpty();
        cable.resume();
        assertThat(losses.poll(20, TimeUnit.SECONDS))
                .as("and the kept one, by the policy of its client")
                .isNotNull()
                .extracting(Loss::reason)
                .isEqualTo(Loss.Reason.PROCESS_DEAD);
        assertThat(gone.release()).isEqualTo(Released.LOST);
        assertThat(kept.isHeld()).isTrue();
        assertThat(next.isHeld()).isTrue();
        assertThat(other.isHeld()).isTrue();
        assertThat(staying.isOpen()).isTrue();
        staying.run(() -> sleeper.acquire(LockRequest.client(path("again")).keep()));
        staying.close();
        leaving.close();
        sleeper.callAs(owner("u3"), () -> sleeper.acquire(LockRequest.monitor(path("b"))))
                .close();
        next.close();
        other.close();
    }

    @Test
    void xx10_aProcessThatHearsNothingTakesItselfForDeadAndSaysSo() throws Exception {
        assumeThatStore(Capability.PROCESS_TIMEOUT);
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks cutOff = otherProcess(cable);
        ClientSession staying = cutOff.sessions().open("u1", SessionPolicy.STAY);
        ClientSession leaving = cutOff.sessions().open("u2");
        Hold kept = staying.call(
                () -> cutOff.acquire(LockRequest.client(path("kept")).keep()));
        Hold gone = leaving.call(
                () -> cutOff.acquire(LockRequest.client(path("gone")).keep()));
        Hold scoped = cutOff.callAs(owner("u2"), () -> cutOff.acquire(LockRequest.monitor(A)));
        CompletableFuture<Hold> waits = cutOff.callAs(
                owner("u3"), () -> cutOff.async().acquire(LockRequest.monitor(A).waitFor(LONG)));
        awaitWaiters("a", 1);
        BlockingQueue<Loss> losses = new LinkedBlockingQueue<>();
        BlockingQueue<Loss> keptLosses = new LinkedBlockingQueue<>();
        scoped.onLost(losses::add);
        gone.onLost(keptLosses::add);

        cable.deafen();
        store.pass(Duration.ofSeconds(29));
        assertThat(scoped.isHeld()).isTrue();
        store.pass(Duration.ofSeconds(2));
        assertThat(losses.poll(20, TimeUnit.SECONDS))
                .isNotNull()
                .extracting(Loss::reason)
                .isEqualTo(Loss.Reason.PROCESS_DEAD);
        assertThat(scoped.isHeld()).isFalse();
        assertThat(scoped.release()).isEqualTo(Released.LOST);
        callAs("u4", () -> locks.acquire(LockRequest.monitor(A))).close();
        assertThat(waits).isNotDone();

        cable.resume();
        waits.get(20, TimeUnit.SECONDS).close();
        assertThat(keptLosses.poll(20, TimeUnit.SECONDS))
                .as("it went by the policy of its client")
                .isNotNull()
                .extracting(Loss::reason)
                .isEqualTo(Loss.Reason.PROCESS_DEAD);
        assertThat(staying.isOpen()).isTrue();
        assertThat(kept.isHeld()).isTrue();
        assertThat(kept.release()).isEqualTo(Released.RELEASED);
        assertThat(leaving.isOpen()).isTrue();
        leaving.run(
                () -> cutOff.acquire(LockRequest.client(path("again")).keep()).release());
        staying.close();
        leaving.close();
    }

    @Test
    void xx10_aCallDuringWhichTheStoreWasOutOfReachTooLongIsToldThatItsLockWasLost() {
        assumeThatStore(Capability.PROCESS_TIMEOUT);
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks cutOff = otherProcess(cable);
        assertThatThrownBy(() -> cutOff.runAs(
                        owner("u1"),
                        () -> cutOff.run(LockRequest.monitor(A), () -> {
                            cable.unplug();
                            store.pass(Duration.ofSeconds(31));
                        })))
                .isInstanceOfSatisfying(
                        LockLostException.class,
                        lost -> assertThat(lost.loss().reason()).isEqualTo(Loss.Reason.PROCESS_DEAD));
        assertThatThrownBy(() -> cutOff.runAs(owner("u1"), () -> cutOff.acquire(LockRequest.monitor(A))))
                .isInstanceOfSatisfying(LockBackendException.class, failed -> assertThat(failed.isOutcomeKnown())
                        .isTrue());
        cable.plug();
        awaitJoined(cutOff);
        assertThat(locks.roots()).isEmpty();
    }

    /** What was told to nobody is told before anything else is asked for. */
    @Test
    void xx10_whatWasLostInTheMeantimeIsToldAlsoIfARequestComesFirst() throws Exception {
        assumeThatStore(Capability.PROCESS_TIMEOUT);
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks cutOff = otherProcess(cable);
        ClientSession screen = cutOff.sessions().open("u1");
        Hold kept = screen.call(
                () -> cutOff.acquire(LockRequest.client(path("kept")).keep()));
        BlockingQueue<Loss> losses = new LinkedBlockingQueue<>();
        kept.onLost(losses::add);
        cable.unplug();
        store.pass(Duration.ofSeconds(45));
        assertThat(locks.list(path("kept"))).isEmpty();
        cable.plug();
        awaitJoined(cutOff);
        assertThat(losses.poll(20, TimeUnit.SECONDS))
                .isNotNull()
                .extracting(Loss::reason)
                .isEqualTo(Loss.Reason.PROCESS_DEAD);
        assertThat(kept.release()).isEqualTo(Released.LOST);
        screen.close();
    }

    /** It lay on the way while its process took itself for dead: nobody goes in on it, and nobody has to ask again. */
    @Test
    void xx10_aGrantThatComesTooLateIsAskedForAnew() throws Exception {
        assumeThatStore(Capability.PROCESS_TIMEOUT);
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks cutOff = otherProcess(cable);
        cable.deafen();
        CompletableFuture<Hold> late =
                cutOff.callAs(owner("u1"), () -> cutOff.async().acquire(LockRequest.monitor(A)));
        await(() -> locks.list(A).size() == 1);
        long first = locks.list(A).get(0).fence();
        store.pass(Duration.ofSeconds(31));
        await(() -> locks.list(A).isEmpty());
        assertThat(late).isNotDone();

        cable.resume();
        Hold hold = late.get(20, TimeUnit.SECONDS);
        assertThat(hold.fence()).isGreaterThan(first);
        assertThat(hold.isHeld()).isTrue();
        assertThat(locks.list(A)).hasSize(1);
        assertThat(hold.release()).isEqualTo(Released.RELEASED);
    }

    /** A logout that the store could not be told. */
    @Test
    void xx10_whoLogsOutWhileTheStoreIsOutOfReachKeepsNothing() {
        assumeThatStore(Capability.PROCESS_TIMEOUT);
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks cutOff = otherProcess(cable);
        ClientSession screen = cutOff.sessions().open("u1", SessionPolicy.STAY);
        screen.run(() -> cutOff.acquire(LockRequest.client(path("kept")).keep()));
        cable.unplug();
        store.pass(Duration.ofSeconds(5));
        assertThat(catchThrowable(screen::close))
                .satisfiesAnyOf(thrown -> assertThat(thrown).isNull(), thrown -> assertThat(thrown)
                        .isInstanceOf(LockBackendException.class));
        store.pass(Duration.ofSeconds(45));
        cable.plug();
        await(() -> {
            store.pass(Duration.ofSeconds(1));
            return locks.list(path("kept")).isEmpty();
        });
    }

    @Test
    void xx10_aCallThatWasPausedEndsWithAnError() {
        assumeThatStore(Capability.PROCESS_TIMEOUT);
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks sleeper = otherProcess(cable);
        assertThatThrownBy(() -> sleeper.runAs(
                        owner("u1"),
                        () -> sleeper.run(LockRequest.monitor(A), () -> {
                            cable.pause();
                            store.pass(Duration.ofSeconds(31));
                            cable.resume();
                        })))
                .isInstanceOfSatisfying(
                        LockLostException.class,
                        lost -> assertThat(lost.loss().reason()).isEqualTo(Loss.Reason.PROCESS_DEAD));
        sleeper.runAs(owner("u1"), () -> sleeper.run(LockRequest.monitor(A), () -> {}));
    }

    /** The user has gone on somewhere else: a process that wakes does not take the client back. */
    @Test
    void aClientThatWasResumedElsewhereMeanwhileStaysThere() {
        assumeThatStore(Capability.PROCESS_TIMEOUT);
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks sleeper = otherProcess(cable);
        ClientSession before = sleeper.sessions().open("u1", SessionPolicy.STAY);
        before.run(() -> sleeper.acquire(LockRequest.client(A).keep()));
        cable.unplug();
        store.pass(Duration.ofSeconds(45));
        ClientSession after = locks.sessions().resume(before.id());
        cable.plug();
        awaitJoined(sleeper);
        await(() -> !before.isOpen());
        assertThat(after.isOpen()).isTrue();
        after.run(() -> assertThat(locks.release(A)).isEqualTo(Released.RELEASED));
        after.close();
    }

    /** A process that was cut off tries to join once a second. */
    private void awaitJoined(ObjectLocks process) {
        LockPath free = path("joined");
        await(() -> {
            store.pass(Duration.ofMillis(500));
            return catchThrowable(
                            () -> process.runAs(owner("u9"), () -> process.run(LockRequest.monitor(free), () -> {})))
                    == null;
        });
    }
}
