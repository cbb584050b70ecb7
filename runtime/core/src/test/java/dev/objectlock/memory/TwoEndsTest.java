package dev.objectlock.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.Body;
import dev.objectlock.ClientSession;
import dev.objectlock.Hold;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockEvent;
import dev.objectlock.LockException;
import dev.objectlock.LockInterruptedException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.LockTimeoutException;
import dev.objectlock.Loss;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Privilege;
import dev.objectlock.Released;
import dev.objectlock.SessionPolicy;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Connection;
import dev.objectlock.backend.ProcessListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A hold that ends in two ways at the same moment ends once: one of the two is told so, one event is announced, and nothing
 * is left. A request that is granted in the moment in which it is given up is given back.
 */
class TwoEndsTest {

    /** How often each of the races is run; more with {@code -Dobjectlock.races}. */
    private static final int ROUNDS = Integer.getInteger("objectlock.races", 200);

    private static final LockPath PATH = LockPath.parse("cell:7/robot");
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final ManualTime time = new ManualTime();
    private final Race race = new Race(42);
    private final List<LockEvent> events = new ArrayList<>();
    private final Map<Object, Integer> outcomes = new HashMap<>();
    private final MemoryLockBackend backend = MemoryLockBackend.create(time);
    private ObjectLocks locks;

    @BeforeEach
    void open() {
        backend.join(new ProcessListener() {
            @Override
            public void happened(LockEvent event) {
                synchronized (events) {
                    events.add(event);
                }
            }

            @Override
            public void lost(Ask ask, Loss loss) {}

            @Override
            public void over(Connection connection) {}

            @Override
            public void historyOver(String root, long fence) {}

            @Override
            public void missed() {}
        });
        locks = engine();
    }

    private ObjectLocks engine() {
        return ObjectLocks.builder()
                .backend(backend)
                .authorizer(owner -> EnumSet.allOf(Privilege.class))
                .build();
    }

    @AfterEach
    void close() {
        race.close();
        locks.close();
    }

    private <T> T as(String user, Body<T, RuntimeException> body) {
        return locks.callAs(LockOwner.user(user), body);
    }

    /** One after the other wins, and whoever does: nothing is left. */
    private void rounds(Runnable round) {
        for (int i = 0; i < ROUNDS; i++) {
            synchronized (events) {
                events.clear();
            }
            round.run();
            nothingIsLeft();
        }
        assertThat(outcomes)
                .as("a race that always ends in the same way is none")
                .hasSizeGreaterThan(1);
    }

    private void count(Object outcome) {
        outcomes.merge(outcome, 1, Integer::sum);
    }

    private void nothingIsLeft() {
        assertThat(locks.roots()).isEmpty();
        assertThat(Leftovers.in(backend)).isEmpty();
        assertThat(Leftovers.in(locks)).isEmpty();
    }

    /** Returns the one event that tells of the end of the one hold. */
    private Class<?> theEnd() {
        synchronized (events) {
            List<LockEvent> ends = events.stream()
                    .filter(event -> !event.holds().isEmpty())
                    .filter(event ->
                            event instanceof LockEvent.Released || event.loss().isPresent())
                    .toList();
            assertThat(ends).as("one end").hasSize(1);
            assertThat(ends.get(0).holds()).hasSize(1);
            return ends.get(0).getClass();
        }
    }

    private int ends() {
        synchronized (events) {
            return (int) events.stream()
                    .filter(event ->
                            event instanceof LockEvent.Released || event.loss().isPresent())
                    .mapToLong(event -> event.holds().size())
                    .sum();
        }
    }

    private static LockRequest kept() {
        return LockRequest.user(PATH).keep();
    }

    private static LockRequest scoped() {
        return LockRequest.user(PATH);
    }

    /** Runs what may throw, and returns what it returned or the type of what it threw. */
    private static Object outcome(Body<Object, RuntimeException> body) {
        try {
            return body.run();
        } catch (LockException thrown) {
            return thrown.getClass();
        }
    }

    private static Object outcome(CompletableFuture<Hold> future) {
        return outcome(() -> {
            try {
                return Race.await(future);
            } catch (CompletionException failed) {
                throw (RuntimeException) failed.getCause();
            } catch (CancellationException cancelled) {
                return cancelled.getClass();
            }
        });
    }

    private static void eventually(Runnable check) {
        long end = System.nanoTime() + Duration.ofSeconds(Race.PATIENCE_SECONDS).toNanos();
        while (true) {
            try {
                check.run();
                return;
            } catch (AssertionError notYet) {
                if (System.nanoTime() - end > 0) {
                    throw notYet;
                }
                LockSupport.parkNanos(20_000);
            }
        }
    }

    @Test
    void aReleaseAndTheEndOfTheLease() {
        rounds(() -> {
            Hold hold = as("alice", () -> locks.acquire(kept().lease(SECOND)));
            AtomicReference<Released> released = new AtomicReference<>();
            race.between(() -> released.set(hold.release()), () -> time.pass(SECOND));
            assertThat(theEnd())
                    .isEqualTo(
                            released.get() == Released.RELEASED ? LockEvent.Released.class : LockEvent.Expired.class);
            Released told = as("alice", () -> locks.release(PATH));
            assertThat(told).isEqualTo(released.get() == Released.RELEASED ? Released.NOT_HELD : Released.LOST);
            count(released.get());
        });
        assertThat(outcomes).containsOnlyKeys(Released.RELEASED, Released.LOST);
        assertThat(time.alarms()).isZero();
    }

    @Test
    void aReleaseByPathAndTheEndOfTheLease() {
        rounds(() -> {
            as("alice", () -> locks.acquire(kept().lease(SECOND)));
            AtomicReference<Released> released = new AtomicReference<>();
            race.between(() -> released.set(as("alice", () -> locks.release(PATH))), () -> time.pass(SECOND));
            assertThat(theEnd())
                    .isEqualTo(
                            released.get() == Released.RELEASED ? LockEvent.Released.class : LockEvent.Expired.class);
            count(released.get());
        });
        assertThat(outcomes).containsOnlyKeys(Released.RELEASED, Released.LOST);
    }

    @Test
    void aReleaseAndTheEndOfMaxHold() {
        rounds(() -> {
            Hold hold = as("alice", () -> locks.acquire(kept().maxHold(SECOND)));
            AtomicReference<Released> released = new AtomicReference<>();
            race.between(() -> released.set(hold.release()), () -> time.pass(SECOND));
            assertThat(theEnd())
                    .isEqualTo(
                            released.get() == Released.RELEASED ? LockEvent.Released.class : LockEvent.Expired.class);
            as("alice", () -> locks.release(PATH));
            count(released.get());
        });
    }

    @Test
    void theEndOfACallAndTheEndOfItsMaxHold() {
        rounds(() -> {
            Hold hold = as("alice", () -> locks.acquire(scoped().maxHold(SECOND)));
            AtomicReference<Released> released = new AtomicReference<>();
            race.between(() -> released.set(hold.release()), () -> time.pass(SECOND));
            // A call that ends as it should is quiet.
            assertThat(ends()).isEqualTo(released.get() == Released.RELEASED ? 0 : 1);
            count(released.get());
        });
        assertThat(time.alarms()).isZero();
    }

    /** The lease does not run during the call, and from its end it does. */
    @Test
    void theEndOfACallAndWhatWouldBeTheEndOfTheLeaseThatItUses() {
        rounds(() -> {
            Hold hold = as("alice", () -> locks.acquire(kept().lease(SECOND)));
            Hold call = as("alice", () -> locks.acquire(scoped()));
            race.between(call::release, () -> time.pass(SECOND));
            Duration left = hold.timeLeft().orElseThrow();
            count(left);
            if (!left.isZero()) {
                time.pass(left.minusNanos(1));
                assertThat(hold.isHeld()).isTrue();
                time.pass(Duration.ofNanos(1));
            }
            assertThat(theEnd()).isEqualTo(LockEvent.Expired.class);
            as("alice", () -> locks.release(PATH));
        });
        assertThat(time.alarms()).isZero();
    }

    @Test
    void aReleaseAndAnOverride() {
        rounds(() -> {
            Hold hold = as("alice", () -> locks.acquire(kept()));
            AtomicReference<Released> released = new AtomicReference<>();
            AtomicInteger taken = new AtomicInteger();
            race.between(
                    () -> released.set(hold.release()),
                    () -> taken.set(as("su", () -> locks.forceRelease(PATH, "because"))));
            assertThat(released.get()).isEqualTo(taken.get() == 0 ? Released.RELEASED : Released.LOST);
            assertThat(theEnd()).isEqualTo(taken.get() == 0 ? LockEvent.Released.class : LockEvent.Overridden.class);
            as("alice", () -> locks.release(PATH));
            count(released.get());
        });
    }

    @Test
    void theEndOfACallAndItsOverride() {
        rounds(() -> {
            Hold hold = as("alice", () -> locks.acquire(scoped()));
            AtomicReference<Released> released = new AtomicReference<>();
            AtomicBoolean taken = new AtomicBoolean();
            race.between(
                    () -> released.set(hold.release()),
                    () -> taken.set(as("su", () -> locks.forceRelease(PATH, hold.id(), "because"))));
            assertThat(released.get()).isEqualTo(taken.get() ? Released.LOST : Released.RELEASED);
            assertThat(ends()).isEqualTo(taken.get() ? 1 : 0);
            count(released.get());
        });
    }

    @Test
    void aLogoutAndARelease() {
        rounds(() -> {
            ClientSession session = locks.sessions().open("alice");
            Hold hold = session.call(() -> locks.acquire(kept()));
            AtomicReference<Released> released = new AtomicReference<>();
            race.between(() -> released.set(hold.release()), session::close);
            assertThat(theEnd()).isEqualTo(LockEvent.Released.class);
            count(released.get());
        });
        assertThat(outcomes).containsOnlyKeys(Released.RELEASED, Released.NOT_HELD);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLogoutAndTheGrantToAWaiter(boolean keep) {
        rounds(() -> {
            Hold first = as("bob", () -> locks.acquire(scoped()));
            ClientSession session = locks.sessions().open("alice");
            LockRequest wanted = (keep ? kept() : scoped()).waitFor(HOUR);
            CompletableFuture<Hold> waiting = session.call(() -> locks.async().acquire(wanted));
            race.between(first::release, session::close);
            Object outcome = outcome(waiting);
            if (outcome instanceof Hold hold) {
                // A logout takes every lock but that of a running call.
                assertThat(hold.isHeld()).isEqualTo(!keep);
                hold.release();
            }
            count(outcome instanceof Hold ? Hold.class : outcome);
        });
        assertThat(outcomes).containsKey(LockAuthenticationException.class);
        assertThat(time.alarms()).isZero();
    }

    @Test
    void aLogoutAndARequestToKeep() {
        rounds(() -> {
            ClientSession session = locks.sessions().open("alice");
            Object[] outcome = {null};
            race.between(() -> outcome[0] = outcome(() -> session.call(() -> locks.acquire(kept()))), session::close);
            count(outcome[0] instanceof Hold ? Hold.class : outcome[0]);
        });
    }

    @ParameterizedTest
    @EnumSource(SessionPolicy.Kind.class)
    void aLostConnectionAndItsReturn(SessionPolicy.Kind kind) {
        SessionPolicy policy = new SessionPolicy(kind, kind == SessionPolicy.Kind.GRACE ? SECOND : null);
        rounds(() -> {
            ClientSession session = locks.sessions().open("alice", policy);
            Hold hold =
                    session.call(() -> locks.acquire(LockRequest.client(PATH).keep()));
            Object[] outcome = {null};
            race.between(
                    session::disconnect,
                    () -> outcome[0] = outcome(() -> locks.sessions().resume(session.id())));
            assertThat(session.isOpen()).isFalse();
            if (outcome[0] instanceof ClientSession back) {
                time.pass(SECOND);
                assertThat(back.isOpen()).isTrue();
                assertThat(hold.isHeld()).isTrue();
                back.close();
            }
            assertThat(theEnd())
                    .isEqualTo(outcome[0] instanceof ClientSession ? LockEvent.Released.class : LockEvent.Lost.class);
            as("alice", () -> locks.release(PATH));
            count(outcome[0] instanceof ClientSession ? ends() : outcome[0]);
            if (kind != SessionPolicy.Kind.RELEASE) {
                // Whoever is first, the client comes back.
                assertThat(outcome[0]).isInstanceOf(ClientSession.class);
                count("it has no other outcome");
            }
        });
        assertThat(time.alarms()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theEndOfAWaitAndItsGrant(boolean keep) {
        rounds(() -> {
            Hold first = as("bob", () -> locks.acquire(scoped()));
            LockRequest wanted = (keep ? kept() : scoped()).waitFor(SECOND);
            CompletableFuture<Hold> waiting = as("alice", () -> locks.async().acquire(wanted));
            race.between(first::release, () -> time.pass(SECOND));
            Object outcome = outcome(waiting);
            if (outcome instanceof Hold hold) {
                assertThat(hold.release()).isEqualTo(Released.RELEASED);
            }
            count(outcome instanceof Hold ? Hold.class : outcome);
        });
        assertThat(outcomes).containsOnlyKeys(Hold.class, LockTimeoutException.class);
        assertThat(time.alarms()).isZero();
    }

    @Test
    void anInterruptionAndAGrant() {
        rounds(() -> {
            Hold first = as("bob", () -> locks.acquire(scoped()));
            FutureTask<Object> waiting = new FutureTask<>(() -> outcome(() -> as("alice", () -> {
                try {
                    return locks.acquire(scoped().waitFor(HOUR)).release();
                } catch (LockInterruptedException interrupted) {
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                    throw interrupted;
                }
            })));
            Thread thread = new Thread(waiting, "waiting");
            thread.setDaemon(true);
            thread.start();
            eventually(() -> assertThat(locks.status(PATH).waiters()).hasSize(1));
            race.between(first::release, thread::interrupt);
            count(Race.await(waiting));
        });
        assertThat(outcomes).containsOnlyKeys(Released.RELEASED, LockInterruptedException.class);
        assertThat(time.alarms()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCancelledRequestAndItsGrant(boolean keep) {
        rounds(() -> {
            Hold first = as("bob", () -> locks.acquire(kept()));
            LockRequest wanted = (keep ? kept() : scoped()).waitFor(HOUR);
            CompletableFuture<Hold> waiting = as("alice", () -> locks.async().acquire(wanted));
            race.between(first::release, () -> waiting.cancel(false));
            Object outcome = outcome(waiting);
            if (outcome instanceof Hold hold) {
                assertThat(hold.release()).isEqualTo(Released.RELEASED);
            }
            // What was granted to one who had gone is given back by another thread.
            eventually(this::nothingIsLeft);
            count(outcome instanceof Hold ? Hold.class : outcome);
        });
        assertThat(time.alarms()).isZero();
    }

    @Test
    void aMoveAndARelease() {
        LockPath elsewhere = LockPath.parse("cell:7/store/robot");
        rounds(() -> {
            Hold hold = as("alice", () -> locks.acquire(kept()));
            AtomicReference<Released> released = new AtomicReference<>();
            Object[] moved = {null};
            race.between(
                    () -> released.set(hold.release()),
                    () -> moved[0] = outcome(() -> as("alice", () -> {
                        locks.move(PATH, elsewhere);
                        return "moved";
                    })));
            assertThat(released.get()).isEqualTo(Released.RELEASED);
            LockPath last;
            synchronized (events) {
                LockEvent end = events.get(events.size() - 1);
                assertThat(end).isInstanceOf(LockEvent.Released.class);
                assertThat(end.holds()).hasSize(1);
                last = end.holds().get(0).path();
            }
            assertThat(last).isEqualTo("moved".equals(moved[0]) ? elsewhere : PATH);
            assertThat(hold.paths()).containsExactly(last);
            count(moved[0]);
        });
        assertThat(outcomes).containsOnlyKeys("moved", LockNotHeldException.class);
    }

    @Test
    void aMoveAndTheEndOfACall() {
        LockPath elsewhere = LockPath.parse("cell:7/store/robot");
        rounds(() -> {
            Hold moving = as("alice", () -> locks.acquire(kept()));
            Hold call = as("alice", () -> locks.acquire(scoped()));
            race.between(
                    call::release,
                    () -> as("alice", () -> {
                        locks.move(PATH, elsewhere);
                        return "moved";
                    }));
            count(call.paths());
            assertThat(locks.list(elsewhere)).extracting(HoldInfo::kept).containsExactly(true);
            moving.release();
        });
    }

    @Test
    void aRemovalAndARelease() {
        rounds(() -> {
            Hold hold = as("alice", () -> locks.acquire(kept()));
            AtomicReference<Released> released = new AtomicReference<>();
            AtomicInteger removed = new AtomicInteger();
            race.between(
                    () -> released.set(hold.release()), () -> removed.set(as("bob", () -> locks.remove(PATH.root()))));
            assertThat(released.get()).isEqualTo(removed.get() == 0 ? Released.RELEASED : Released.LOST);
            assertThat(theEnd()).isEqualTo(removed.get() == 0 ? LockEvent.Released.class : LockEvent.Removed.class);
            as("alice", () -> locks.release(PATH));
            count(released.get());
        });
    }

    @Test
    void aRemovalAndTheGrantToAWaiter() {
        rounds(() -> {
            Hold first = as("bob", () -> locks.acquire(kept()));
            CompletableFuture<Hold> waiting = as("alice", () -> locks.async().acquire(scoped().waitFor(HOUR)));
            race.between(first::release, () -> as("carl", () -> locks.remove(PATH)));
            Object outcome = outcome(waiting);
            if (outcome instanceof Hold hold) {
                count(hold.release());
            } else {
                count(outcome);
            }
            as("bob", () -> locks.release(PATH));
        });
    }

    @Test
    void theCloseOfAnEngineAndARelease() {
        rounds(() -> {
            ObjectLocks other = engine();
            Hold hold = other.callAs(LockOwner.user("alice"), () -> other.acquire(kept()));
            AtomicReference<Released> released = new AtomicReference<>();
            race.between(() -> released.set(hold.release()), other::close);
            assertThat(theEnd()).isEqualTo(LockEvent.Released.class);
            assertThat(Leftovers.in(other)).isEmpty();
            count(released.get());
        });
        assertThat(outcomes).containsOnlyKeys(Released.RELEASED, Released.NOT_HELD);
    }

    @Test
    void theCloseOfAnEngineAndAGrant() {
        rounds(() -> {
            ObjectLocks other = engine();
            Hold first = as("bob", () -> locks.acquire(scoped()));
            CompletableFuture<Hold> waiting =
                    other.callAs(LockOwner.user("alice"), () -> other.async().acquire(scoped().waitFor(HOUR)));
            race.between(first::release, other::close);
            Object outcome = outcome(waiting);
            if (outcome instanceof Hold hold) {
                assertThat(hold.isHeld()).isFalse();
                hold.release();
            }
            assertThat(Leftovers.in(other)).isEmpty();
            count(outcome instanceof Hold ? Hold.class : outcome);
        });
        assertThat(outcomes).containsKey(LockConfigurationException.class);
        assertThat(time.alarms()).isZero();
    }

    @Test
    void theCloseOfAnEngineAndARequest() {
        rounds(() -> {
            ObjectLocks other = engine();
            Object[] outcome = {null};
            race.between(
                    () -> outcome[0] =
                            outcome(() -> other.callAs(LockOwner.user("alice"), () -> other.acquire(kept()))),
                    other::close);
            assertThat(Leftovers.in(other)).isEmpty();
            count(outcome[0] instanceof Hold ? Hold.class : outcome[0]);
        });
    }

    @Test
    void theCloseOfAnEngineAndTheOpeningOfASession() {
        rounds(() -> {
            ObjectLocks other = engine();
            Object[] outcome = {null};
            race.between(
                    () -> outcome[0] = outcome(() -> {
                        ClientSession session = other.sessions().open("alice");
                        return outcome(() -> session.call(() -> other.acquire(kept())));
                    }),
                    other::close);
            count(outcome[0] instanceof Hold ? Hold.class : outcome[0]);
        });
    }

    @Test
    void oneWhoIsThrownOutAndARequestToKeep() {
        rounds(() -> {
            ClientSession session = locks.sessions().open("alice");
            Object[] outcome = {null};
            race.between(
                    () -> outcome[0] = outcome(() -> session.call(() -> locks.acquire(kept()))),
                    () -> as("su", () -> locks.sessions().end("alice", "because")));
            assertThat(session.isOpen()).isFalse();
            count(outcome[0] instanceof Hold ? Hold.class : outcome[0]);
        });
    }

    @Test
    void oneWhoIsThrownOutAndTheOpeningOfASession() {
        rounds(() -> {
            ClientSession[] opened = {null};
            AtomicInteger ended = new AtomicInteger();
            race.between(
                    () -> opened[0] = locks.sessions().open("alice"),
                    () -> ended.set(as("su", () -> locks.sessions().end("alice", "because"))));
            Object outcome = outcome(() -> opened[0].call(() -> locks.acquire(kept())));
            opened[0].close();
            count(outcome instanceof Hold ? Hold.class : outcome);
        });
    }

    @Test
    void theDeathOfAProcessAndTheEndOfACall() {
        rounds(() -> {
            ObjectLocks other = engine();
            Hold hold = other.callAs(LockOwner.user("alice"), () -> other.acquire(scoped()));
            AtomicReference<Released> released = new AtomicReference<>();
            MemoryProcess dying = Leftovers.processOf(other);
            race.between(() -> released.set(hold.release()), dying::leave);
            assertThat(ends()).isEqualTo(released.get() == Released.RELEASED ? 0 : 1);
            other.close();
            count(released.get());
        });
    }
}
