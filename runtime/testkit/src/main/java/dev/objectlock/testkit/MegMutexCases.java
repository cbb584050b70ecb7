package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Attempt;
import dev.objectlock.Hold;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockEvent;
import dev.objectlock.LockLostException;
import dev.objectlock.LockPath;
import dev.objectlock.LockPrivilegeException;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Released;
import dev.objectlock.WithoutStore;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.testkit.fixtures.Device;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Documents in use, as the MEG mutex has them. */
public abstract class MegMutexCases extends BackendCases {

    private static final LockPath DRAFT = LockPath.of("draft:1");

    /** So many kinds of work have a body: all but three. */
    private static final int WITH_BODY = 12;

    private final Device draft = new Device(null, "draft:1");
    private final AtomicInteger ran = new AtomicInteger();
    private final Runnable body = ran::incrementAndGet;

    /** For the subclasses. */
    protected MegMutexCases() {}

    private Duration left() {
        return locks.list(DRAFT).get(0).remaining().orElseThrow();
    }

    @Test
    void mg01_takingItAgainRenewsAlsoFromAnotherClient() {
        as("u1/c1", draft::keepForAMinute);
        long fence = locks.list(DRAFT).get(0).fence();
        store.pass(Duration.ofSeconds(50));
        assertThat(left()).isLessThanOrEqualTo(Duration.ofSeconds(10));
        as("u1/c2", draft::keepForAMinute);
        assertThat(left()).isGreaterThan(Duration.ofSeconds(50));
        assertThat(locks.list(DRAFT)).hasSize(1);
        assertThat(locks.list(DRAFT).get(0).fence()).isEqualTo(fence);
        assertThatThrownBy(() -> as("u2/c3", draft::keepForAMinute))
                .isInstanceOfSatisfying(
                        LockBusyException.class,
                        busy -> assertThat(busy.holder().user()).isEqualTo("u1"))
                .hasMessageContaining("u1");
        as("u1/c1", draft::free);
    }

    @Test
    void mg02_onlyTheHolderFrees() {
        assertThat(callAs("u1/c1", () -> locks.release(DRAFT))).isEqualTo(Released.NOT_HELD);
        as("u1/c1", draft::keepForAMinute);
        assertThat(callAs("u2/c3", () -> locks.release(DRAFT))).isEqualTo(Released.NOT_YOURS);
        assertThat(locks.list(DRAFT)).hasSize(1);
        assertThat(callAs("u1/c2", () -> locks.release(DRAFT))).isEqualTo(Released.RELEASED);
        assertThat(locks.list(DRAFT)).isEmpty();
        assertThat(callAs("u1/c1", () -> locks.release(DRAFT))).isEqualTo(Released.NOT_HELD);
    }

    @Test
    void mg03_aLeaseOfAMinuteEndsAfterAMinute() {
        as("u1/c1", draft::keepForAMinute);
        LockPath other = LockPath.of("draft:2");
        as("u1/c1", () -> locks.acquire(LockRequest.user(other).keep()));
        store.pass(Duration.ofSeconds(59));
        assertThatThrownBy(() -> as("u2/c3", draft::keepForAMinute)).isInstanceOf(LockBusyException.class);
        store.pass(Duration.ofSeconds(1));
        as("u2/c3", draft::keepForAMinute);
        assertThat(callAs("u1/c1", () -> locks.release(DRAFT))).isEqualTo(Released.LOST);
        assertThat(locks.list(DRAFT)).hasSize(1);
        as("u2/c3", draft::free);
        as("u1/c1", () -> locks.release(other));
    }

    @Test
    void mg03_theFormerHolderIsToldOnce() {
        as("u1/c1", draft::keepForAMinute);
        store.pass(Duration.ofMinutes(2));
        assertThatThrownBy(() -> as("u1/c2", draft::touch)).isInstanceOf(LockLostException.class);
        as("u1/c1", draft::touch);

        as("u1/c1", draft::keepForAMinute);
        store.pass(Duration.ofMinutes(2));
        as("u1/c1", draft::keepForAMinute);
        as("u1/c1", draft::touch);
        as("u1/c1", draft::free);
    }

    @Test
    void mg05_methodsThatSayNothingAreNotBlocked() {
        as("u1/c1", draft::keepForAMinute);
        as("u2/c3", draft::advisory);
        assertThatThrownBy(() -> as("u2/c3", draft::touch)).isInstanceOf(LockBusyException.class);
        as("u1/c1", draft::free);
    }

    @Test
    void mg06_withoutTheStoreNothingThatNeedsALockRuns() {
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks other = otherProcess(cable);
        cable.unplug();
        other.runAs(owner("u1/c1"), () -> everyKindOfWork(other)
                .forEach((kind, work) ->
                        assertThatThrownBy(() -> work.accept(body)).as(kind).satisfies(MegMutexCases::isRefused)));
        assertThat(ran).as("bodies that ran").hasValue(0);
        cable.plug();
        other.runAs(owner("u1/c1"), () -> everyKindOfWork(other).forEach((kind, work) -> work.accept(body)));
        assertThat(ran).hasValue(WITH_BODY);
    }

    /** It says which store, what was tried on which object, what is certain, and what can be done. */
    private static void isRefused(Throwable thrown) {
        Throwable told = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        assertThat(told)
                .isInstanceOfSatisfying(LockBackendException.class, out -> assertThat(out.isOutcomeKnown())
                        .isTrue())
                .hasMessageContainingAll(
                        "faulty ",
                        "draft:1",
                        "connection refused",
                        "certain that nothing was done",
                        "try again",
                        "withoutStore(PROCEED)");
    }

    @Test
    void mg06_whateverElseIsAskedSaysThatTheStoreIsOut() {
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks other = proceeding(cable);
        Hold kept = other.callAs(
                owner("su/c1"), () -> other.acquire(LockRequest.user(DRAFT).keep()));
        cable.unplug();
        other.runAs(owner("su/c1"), () -> Stream.<ThrowingCallable>of(
                        () -> other.status(DRAFT),
                        () -> other.list(DRAFT),
                        () -> other.check(LockRequest.user(DRAFT)),
                        () -> other.release(DRAFT),
                        () -> other.forceRelease(DRAFT, "test"),
                        () -> other.changeScope(DRAFT, LockScope.OBJECT),
                        () -> other.move(DRAFT.child("a"), DRAFT.child("b")),
                        () -> other.remove(DRAFT.child("a")),
                        kept::isHeld,
                        kept::token,
                        () -> kept.ensure(Duration.ZERO))
                .forEach(question -> assertThatThrownBy(question)
                        .isInstanceOf(LockBackendException.class)
                        .hasMessageContainingAll("faulty ", "draft:1", "connection refused", "certain")));
        assertThatThrownBy(() -> other.sessions().open("u1"))
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("faulty ");
        cable.plug();
        other.runAs(owner("su/c1"), () -> assertThat(other.release(DRAFT)).isEqualTo(Released.RELEASED));
    }

    @Test
    void mg06_anApplicationMayChooseToGoOn() {
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks other = proceeding(cable);
        cable.unplug();
        other.runAs(owner("u1/c1"), () -> everyKindOfWork(other).forEach((kind, work) -> {
            work.accept(body);
            assertThat(nextEvent(LockEvent.Proceeded.class)).as(kind).satisfies(proceeded -> {
                assertThat(proceeded.paths()).containsExactly(DRAFT);
                assertThat(proceeded.root()).isEqualTo(DRAFT);
                assertThat(proceeded.holds()).isEmpty();
                assertThat(proceeded.about(List.of())).isSameAs(proceeded);
                assertThat(proceeded.owner().user()).isEqualTo("u1");
                assertThat(proceeded.owner().client()).isEqualTo("c1");
                assertThat(proceeded.at()).isEqualTo(store.backend().time().now());
                assertThat(proceeded.why()).hasMessageContaining("connection refused");
            });
        }));
        assertThat(ran).as("bodies that ran").hasValue(WITH_BODY);

        cable.plug();
        assertThat(locks.list(DRAFT)).as("nothing was taken").isEmpty();
        other.runAs(owner("u1/c1"), draft::keepForAMinute);
        assertThatThrownBy(() -> as("u2/c2", draft::touch)).isInstanceOf(LockBusyException.class);
        other.runAs(owner("u1/c1"), draft::free);
        assertThat(events).noneMatch(LockEvent.Proceeded.class::isInstance);
    }

    @Test
    void mg06_whatIsHeldGoesOnAndIsJoined() {
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks other = proceeding(cable);
        other.runAs(
                owner("u1/c1"),
                () -> draft.userCall(() -> {
                    cable.unplug();
                    draft.userCall(() -> assertThat(Hold.current().isHeld()).isTrue());
                    assertThat(events).noneMatch(LockEvent.Proceeded.class::isInstance);
                    draft.monitorCall(() -> assertThat(Hold.current())
                            .satisfies(none -> assertThat(none.isHeld()).isFalse())
                            .satisfies(none -> assertThat(none.fence()).isZero()));
                    assertThat(Hold.current().isHeld()).isTrue();
                    cable.plug();
                    draft.monitorCall(() -> assertThat(Hold.current().isHeld()).isTrue());
                }));
    }

    @Test
    void mg06_whoMayNotLockMayNotGoOnEither() {
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks other = proceeding(cable);
        cable.unplug();
        assertThatThrownBy(() -> other.runAs(owner("guest/c1"), () -> draft.userCall(body)))
                .isInstanceOf(LockPrivilegeException.class);
        assertThatThrownBy(() -> other.run(LockRequest.user(DRAFT), body::run))
                .isInstanceOf(LockAuthenticationException.class);
        assertThat(ran).hasValue(0);
        cable.plug();
    }

    @Test
    void mg06_nothingRunsIfNobodyKnowsWhetherItIsHeld() {
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks other = proceeding(cable);
        cable.loseReplies(2);
        assertThatThrownBy(() -> other.runAs(owner("u1/c1"), () -> draft.userCall(body)))
                .satisfies(MegMutexCases::isUncertain);
        assertThat(ran).hasValue(0);
        await(() -> locks.list(DRAFT).isEmpty());
        assertThat(events).noneMatch(LockEvent.Proceeded.class::isInstance);
    }

    private static void isUncertain(Throwable thrown) {
        assertThat(thrown)
                .isInstanceOfSatisfying(LockBackendException.class, out -> assertThat(out.isOutcomeKnown())
                        .isFalse())
                .hasMessageContainingAll("faulty ", "draft:1", "not known", "given back");
    }

    @Test
    void mg06_thatNothingMoreCouldBeSentSaysNothingOfWhatWasSentBefore() {
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks other = proceeding(cable);
        cable.unplugWithNextReply();
        assertThatThrownBy(() -> other.runAs(owner("u1/c1"), () -> draft.userCall(body)))
                .satisfies(MegMutexCases::isUncertain);
        assertThat(ran).hasValue(0);
        assertThat(locks.list(DRAFT)).as("it was granted").hasSize(1);
        cable.plug();
        store.pass(Duration.ofSeconds(1));
        await(() -> locks.list(DRAFT).isEmpty());
    }

    @Test
    void mg06_whoeverWaitsWhenTheStoreGoesDoesNotGoOn() {
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks other = proceeding(cable);
        Hold inTheWay = callAs("u2", () -> locks.acquire(LockRequest.user(DRAFT)));
        Running<Boolean> waiting = start("u1/c1", () -> {
            assertThatThrownBy(() -> other.runAs(owner("u1/c1"), () -> draft.userCall(body)))
                    .satisfies(MegMutexCases::isUncertain);
            return true;
        });
        awaitWaiters("draft:1", 1);
        cable.unplug();
        store.pass(Duration.ofSeconds(2));
        waiting.result();
        assertThat(ran).hasValue(0);
        cable.plug();
        store.pass(Duration.ofSeconds(1));
        awaitWaiters("draft:1", 0);
        inTheWay.close();
    }

    @Test
    void mg06_anEngineIsNotBuiltWithoutItsStore() {
        FaultyBackend cable = new FaultyBackend(store.backend());
        cable.unplug();
        assertThatThrownBy(() -> otherProcess(cable))
                .isInstanceOfSatisfying(LockBackendException.class, out -> assertThat(out.isOutcomeKnown())
                        .isTrue())
                .hasMessageContainingAll("faulty ", "joining the store", "connection refused", "withoutStore(PROCEED)");
    }

    @Test
    void mg06_whoeverGoesOnIsBuiltWithoutTheStoreAndJoinsItLater() {
        FaultyBackend cable = new FaultyBackend(store.backend());
        cable.unplug();
        ObjectLocks other = proceeding(cable);
        int tried = cable.joinsTried();
        for (int i = 0; i < 3; i++) {
            other.runAs(owner("u1/c1"), draft::keepForAMinute);
            assertThat(nextEvent(LockEvent.Proceeded.class).owner().user()).isEqualTo("u1");
        }
        assertThat(cable.joinsTried()).as("at most once in a second").isEqualTo(tried);
        store.pass(Duration.ofSeconds(1));
        other.runAs(owner("u1/c1"), draft::keepForAMinute);
        other.runAs(owner("u1/c1"), draft::keepForAMinute);
        assertThat(cable.joinsTried()).isEqualTo(tried + 1);
        assertThat(locks.list(DRAFT)).isEmpty();

        cable.plug();
        store.pass(Duration.ofSeconds(1));
        other.runAs(owner("u1/c1"), draft::keepForAMinute);
        assertThatThrownBy(() -> as("u2/c2", draft::touch)).isInstanceOf(LockBusyException.class);
        store.pass(Duration.ofSeconds(40));
        other.runAs(owner("u1/c1"), draft::keepForAMinute);
        assertThat(locks.list(DRAFT)).as("it is as alive as any other process").hasSize(1);
        other.runAs(owner("u1/c1"), draft::free);
    }

    @Test
    void mg06_anEngineThatNeverJoinedCloses() {
        FaultyBackend cable = new FaultyBackend(store.backend());
        cable.unplug();
        ObjectLocks other = proceeding(cable);
        other.close();
        assertThat(other.isClosed()).isTrue();
    }

    private ObjectLocks proceeding(FaultyBackend cable) {
        return otherProcess(
                cable, builder -> builder.withoutStore(WithoutStore.PROCEED).listener(events::add));
    }

    /** All that takes or checks a lock on the draft, by its name; some have no body. */
    private Map<String, Consumer<Runnable>> everyKindOfWork(ObjectLocks other) {
        LockRequest request = LockRequest.user(DRAFT);
        Map<String, Consumer<Runnable>> kinds = new LinkedHashMap<>();
        kinds.put("keep", work -> draft.keepForAMinute());
        kinds.put("requireHeld", work -> other.requireHeld(DRAFT));
        kinds.put("guard, held", work -> draft.change());
        kinds.put("scoped", draft::userCall);
        kinds.put("monitor", draft::monitorCall);
        kinds.put("slot", draft::inSlot);
        kinds.put("until a stage is over", work -> draft.monitorStage(
                        () -> CompletableFuture.runAsync(work, Runnable::run).thenApply(done -> "done"))
                .toCompletableFuture()
                .join());
        kinds.put("guard", draft::touch);
        kinds.put("release", draft::rename);
        kinds.put("run", work -> other.run(request, work::run));
        kinds.put("acquire", work -> {
            Hold hold = other.acquire(request);
            work.run();
            hold.release();
        });
        kinds.put("acquire to keep", work -> {
            Hold hold = other.acquire(request.keep());
            work.run();
            hold.release();
        });
        kinds.put("tryAcquire", work -> {
            try (Attempt attempt = other.tryAcquire(request)) {
                assertThat(attempt).isInstanceOf(Attempt.Granted.class);
                work.run();
            }
        });
        kinds.put("async acquire", work -> {
            Hold hold = other.async().acquire(request).join();
            work.run();
            hold.release();
        });
        kinds.put("async call", work -> other.async()
                .call(request, hold -> CompletableFuture.runAsync(work, Runnable::run))
                .join());
        return kinds;
    }
}
