package dev.objectlock.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.ClientSession;
import dev.objectlock.Hold;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Privilege;
import dev.objectlock.Released;
import dev.objectlock.SessionPolicy;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens exactly in between leaves nothing behind: schedules of two threads that a race would seldom meet. */
class MeanwhileTest {

    private static final LockPath PATH = LockPath.parse("cell:7/robot");
    private static final Duration HOUR = Duration.ofHours(1);

    private final ManualTime time = new ManualTime();
    private final MemoryLockBackend backend = MemoryLockBackend.create(time);
    private final Meanwhile meanwhile = new Meanwhile(backend);
    private final ObjectLocks locks = engine(meanwhile);

    /** Another process on the same store, to which nothing happens. */
    private final ObjectLocks other = engine(backend);

    private static ObjectLocks engine(dev.objectlock.backend.LockBackend store) {
        return ObjectLocks.builder()
                .backend(store)
                .authorizer(owner -> EnumSet.allOf(Privilege.class))
                .build();
    }

    @AfterEach
    void nothingIsLeft() {
        try {
            assertThat(locks.roots()).isEmpty();
            assertThat(Leftovers.in(backend)).isEmpty();
            assertThat(Leftovers.in(locks)).isEmpty();
            assertThat(time.alarms()).isZero();
        } finally {
            locks.close();
            other.close();
        }
    }

    private static LockRequest kept() {
        return LockRequest.user(PATH).keep();
    }

    private void throwOut(String user) {
        other.runAs(LockOwner.user("su"), () -> other.sessions().end(user, "because"));
    }

    private static void quietly(Runnable action) {
        try {
            action.run();
        } catch (LockException refused) {
            assertThat(refused).hasMessageMatching("(?s).{10,}");
        }
    }

    @Test
    void aUserIsThrownOutWhileASessionIsOpened() {
        meanwhile.after("openClient", () -> throwOut("alice"));
        ClientSession session = locks.sessions().open("alice");
        quietly(() -> session.run(() -> locks.acquire(kept())));
        session.close();
    }

    @Test
    void aUserIsThrownOutWhileASessionIsResumed() {
        ClientSession session = locks.sessions().open("alice", SessionPolicy.STAY);
        session.disconnect();
        meanwhile.after("resumeClient", () -> throwOut("alice"));
        ClientSession back = locks.sessions().resume(session.id());
        quietly(() -> back.run(() -> locks.acquire(kept())));
        back.close();
    }

    @Test
    void aClientIsResumedElsewhereWhileItIsResumedHere() {
        ClientSession session = locks.sessions().open("alice", SessionPolicy.STAY);
        session.disconnect();
        ClientSession[] elsewhere = {null};
        meanwhile.after("resumeClient", () -> elsewhere[0] = other.sessions().resume(session.id()));
        ClientSession back = locks.sessions().resume(session.id());
        assertThat(back.isOpen()).isFalse();
        assertThat(elsewhere[0].isOpen()).isTrue();
        elsewhere[0].close();
    }

    @Test
    void anEngineIsClosedWhileItJoinsAnew() {
        ObjectLocks closing = engine(meanwhile);
        ClientSession session = closing.sessions().open("alice", SessionPolicy.STAY);
        backend.forgetAll();
        meanwhile.before("join", closing::close);
        assertThatThrownBy(() -> session.run(() -> closing.acquire(LockRequest.user(PATH))))
                .isInstanceOf(LockConfigurationException.class);
        backend.clients().clear();
        assertThat(Leftovers.processes(backend)).isZero();
    }

    @ParameterizedTest
    @EnumSource(SessionPolicy.Kind.class)
    void aSessionIsClosedWhileTheEngineJoinsAnew(SessionPolicy.Kind kind) {
        SessionPolicy policy = new SessionPolicy(kind, kind == SessionPolicy.Kind.GRACE ? Duration.ofSeconds(9) : null);
        ClientSession session = locks.sessions().open("alice", policy);
        backend.forgetAll();
        meanwhile.after("presentClient", session::close);
        locks.runAs(LockOwner.user("bob"), () -> locks.acquire(LockRequest.user(PATH))
                .close());
        assertThat(session.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"before", "after"})
    void aSessionIsOpenedWhileTheEngineJoinsAnew(String when) {
        Runnable joins = () -> {
            backend.forgetAll();
            locks.runAs(LockOwner.user("bob"), () -> locks.acquire(LockRequest.user(PATH))
                    .close());
        };
        if (when.equals("before")) {
            meanwhile.before("openClient", joins);
        } else {
            meanwhile.after("openClient", joins);
        }
        ClientSession session = locks.sessions().open("alice");
        session.run(() -> locks.acquire(kept()));
        session.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRequestIsCancelledThatHasJustBeenGrantedOnWhatItsOwnerKeeps(boolean wider) throws InterruptedException {
        LockOwner alice = LockOwner.user("alice");
        LockRequest shared = kept().shared();
        locks.runAs(alice, () -> locks.acquire(shared));
        Hold reader = other.callAs(
                LockOwner.user("bob"),
                () -> other.acquire(LockRequest.user(PATH).shared()));
        LockRequest wanted = (wider ? kept() : LockRequest.user(PATH)).waitFor(HOUR);
        CompletableFuture<Hold> waiting =
                locks.callAs(alice, () -> locks.async().acquire(wanted));
        CountDownLatch goOn = new CountDownLatch(1);
        keepCommonPoolBusyUntil(goOn);
        try {
            reader.release();
            assertThat(waiting.cancel(false)).isTrue();
        } finally {
            goOn.countDown();
        }
        assertThat(ForkJoinPool.commonPool().awaitQuiescence(Race.PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        assertThat(locks.list(PATH))
                .as("what she had before")
                .extracting(HoldInfo::kept)
                .containsExactly(true);
        assertThat(locks.<Released, RuntimeException>callAs(alice, () -> locks.release(PATH)))
                .isEqualTo(Released.RELEASED);
    }

    /** What was granted to one who waited is told there. */
    private static void keepCommonPoolBusyUntil(CountDownLatch end) throws InterruptedException {
        int threads = Math.max(1, ForkJoinPool.getCommonPoolParallelism());
        CountDownLatch busy = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            ForkJoinPool.commonPool().execute(() -> {
                busy.countDown();
                try {
                    end.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        assertThat(busy.await(Race.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aRequestThatWasAskedAgainIsCancelled() {
        Hold[] blocker = {other.callAs(LockOwner.user("bob"), () -> other.acquire(kept()))};
        LockPath first = LockPath.parse("a");
        CompletableFuture<Hold> waiting = locks.callAs(LockOwner.user("alice"), () -> locks.async()
                .acquire(LockRequest.user(first, PATH).waitFor(HOUR)));
        // The store begins anew, and bob is back before alice.
        meanwhile.before("ask", () -> blocker[0] = other.callAs(LockOwner.user("bob"), () -> other.acquire(kept())));
        backend.forgetAll();
        // It is asked again by a thread of its own.
        awaitWaiters(1);
        assertThat(waiting.isDone()).isFalse();
        waiting.cancel(false);
        awaitWaiters(0);
        blocker[0].release();
    }

    private void awaitWaiters(int count) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (other.status(PATH).waiters().size() != count) {
            assertThat(System.nanoTime()).as("gave up waiting").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void anObjectIsMovedToWhereTheNameOfAWaiterIsTooLong() {
        String deep = "x".repeat(900);
        LockPath from = LockPath.parse("cell:7/a");
        LockPath to = LockPath.parse("cell:7/" + "b".repeat(200));
        LockOwner alice = LockOwner.user("alice");
        Hold moving =
                locks.callAs(alice, () -> locks.acquire(LockRequest.user(from).keep()));
        CompletableFuture<Hold> waiting = other.callAs(LockOwner.user("bob"), () -> other.async()
                .acquire(LockRequest.user(from.child(deep)).waitFor(HOUR)));
        assertThatThrownBy(() -> locks.runAs(alice, () -> locks.move(from, to)))
                .isInstanceOf(LockConfigurationException.class);
        assertThat(moving.paths()).as("nothing was moved").isEqualTo(List.of(from));
        waiting.cancel(false);
        moving.release();
    }

    @Test
    void aSessionThatEndedElsewhereRefusesWhoComesLate() {
        ClientSession session = locks.sessions().open("alice");
        throwOut("alice");
        assertThatThrownBy(() -> session.run(() -> locks.acquire(kept())))
                .isInstanceOf(LockAuthenticationException.class);
    }
}
