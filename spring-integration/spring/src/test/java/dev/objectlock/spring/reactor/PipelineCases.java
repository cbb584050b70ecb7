package dev.objectlock.spring.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockLostException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.LockTimeoutException;
import dev.objectlock.MonitorLockedException;
import dev.objectlock.ObjectLockedException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OwnerContext;
import dev.objectlock.Privilege;
import dev.objectlock.test.LockAssertions;
import dev.objectlock.test.TestTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;

/** What holds for locked pipelines, however the locks got around the methods. */
@org.junit.jupiter.api.Timeout(120)
abstract class PipelineCases {

    static final LockPath A = LockPath.of("a");
    static final LockOwner ALICE = LockOwner.user("alice");
    static final LockOwner BOB = LockOwner.user("bob");

    /** Until when everything must have happened on other threads. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final int RACES = 500;

    final TestTime time = new TestTime();
    final ObjectLocks locks = ObjectLocks.builder()
            .time(time)
            .authorizer(owner -> EnumSet.allOf(Privilege.class))
            .build();
    Robot robot;
    Robot.Marked marked;

    @AfterEach
    void nothingIsLeft() {
        LockAssertions.assertNothingHeld(locks);
        stop();
        locks.close();
    }

    void stop() {}

    private <T> T asAlice(java.util.function.Supplier<T> call) {
        return locks.callAs(ALICE, call::get);
    }

    private List<HoldInfo> held() {
        return locks.list(A);
    }

    private int waiting() {
        return locks.status(A).waiters().size();
    }

    private Hold takenByBob() {
        return locks.callAs(BOB, () -> locks.acquire(LockRequest.monitor(A)));
    }

    private Hold keptByBob() {
        return locks.callAs(BOB, () -> locks.acquire(LockRequest.user(A).keep()));
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("still not so").isNegative();
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    void aSubscriptionHoldsTheLockAndItsValueComesAfterwards() {
        List<Integer> heldInSource = new ArrayList<>();
        Mono<String> moved = asAlice(() -> robot.move(Mono.fromSupplier(() -> {
            heldInSource.add(held().size());
            return "moved";
        })));
        assertThat(held()).as("nobody has subscribed").isEmpty();
        List<Integer> heldWhenTold = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            StepVerifier.create(moved.doOnNext(value -> heldWhenTold.add(held().size())))
                    .expectNext("moved")
                    .verifyComplete();
        }
        assertThat(heldInSource).as("each subscription anew").containsExactly(1, 1);
        assertThat(heldWhenTold).containsExactly(0, 0);
    }

    @Test
    void anEmptyMonoAndOneThatWasNeverSubscribedLeaveNothing() {
        StepVerifier.create(asAlice(() -> robot.move(Mono.empty()))).verifyComplete();
        assertThat(asAlice(() -> robot.move(Mono.just("never")))).isNotNull();
        assertThat(asAlice(() -> robot.move(null))).isNull();
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void whoIsRefusedIsToldByTheSubscriptionAndTheSourceIsLeftAlone() {
        PublisherProbe<String> source = PublisherProbe.of(Mono.just("moved"));
        try (Hold held = keptByBob()) {
            Mono<String> moved = asAlice(() -> robot.move(source.mono()));
            StepVerifier.create(moved).verifyError(ObjectLockedException.class);
            assertThat(held.paths()).containsExactly(A);
        }
        source.assertWasNotSubscribed();
    }

    @Test
    void aSubscriptionWaitsWithoutAThreadAndGoesOnOnNoneOfWhoeverLetItIn() throws Exception {
        Hold held = takenByBob();
        CompletableFuture<String> thread = new CompletableFuture<>();
        CompletableFuture<String> value = asAlice(() -> robot.move(Mono.fromSupplier(() -> {
                    thread.complete(Thread.currentThread().getName());
                    return "moved";
                })))
                .toFuture();
        assertThat(waiting()).isOne();
        held.close();
        assertThat(value.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo("moved");
        assertThat(thread.join()).isNotEqualTo(Thread.currentThread().getName());
    }

    @Test
    void aSubscriptionThatWaitsTooLongLeavesTheLine() {
        PublisherProbe<String> source = PublisherProbe.of(Mono.just("moved"));
        Hold held = takenByBob();
        StepVerifier.create(asAlice(() -> robot.move(source.mono())))
                .then(() -> time.advance(Duration.ofSeconds(15)))
                .expectError(LockTimeoutException.class)
                .verify(SOON);
        assertThat(waiting()).isZero();
        held.close();
        source.assertWasNotSubscribed();
    }

    @Test
    void twoSubscriptionsOnOneThreadExcludeEachOther() {
        Disposable first = asAlice(() -> robot.moveNow(Mono.never())).subscribe();
        StepVerifier.create(asAlice(() -> robot.moveNow(Mono.just("moved")))).verifyError(MonitorLockedException.class);
        asAlice(() -> {
            StepVerifier.create(robot.moveNow(Mono.just("moved"))).verifyError(MonitorLockedException.class);
            return null;
        });
        first.dispose();

        Disposable ofNobody = robot.moveNow(Mono.never()).subscribe();
        StepVerifier.create(robot.moveNow(Mono.just("moved"))).verifyError(MonitorLockedException.class);
        ofNobody.dispose();
        StepVerifier.create(robot.moveNow(Mono.just("moved")))
                .expectNext("moved")
                .verifyComplete();
    }

    @Test
    void nobodyIsInThereTogether() {
        AtomicInteger inside = new AtomicInteger();
        AtomicBoolean together = new AtomicBoolean();
        Mono<String> work = Mono.defer(() -> {
                    together.compareAndSet(false, inside.incrementAndGet() > 1);
                    return Mono.just("moved").publishOn(Schedulers.parallel());
                })
                .doOnNext(value -> inside.decrementAndGet());
        StepVerifier.create(Flux.range(0, 300)
                        .flatMap(i -> asAlice(() -> robot.move(work)).subscribeOn(Schedulers.parallel()), 32)
                        .count())
                .expectNext(300L)
                .expectComplete()
                .verify(SOON);
        assertThat(together).isFalse();
        assertThat(inside).hasValue(0);
    }

    @Test
    void whatIsInsideJoinsOnWhateverThread() {
        Mono<String> madeBefore = asAlice(() -> robot.moveNow(Mono.just("inner")));
        AtomicInteger heldInside = new AtomicInteger();
        Mono<String> outer = asAlice(() -> robot.moveNow(Mono.just("outer")
                .publishOn(Schedulers.parallel())
                .flatMap(value -> madeBefore)
                .flatMap(value -> robot.moveNow(Mono.just(value + ", made on the way")))
                .flatMapMany(value -> robot.readings(Flux.just(value, "read")))
                .doOnNext(value -> heldInside.accumulateAndGet(held().size(), Math::max))
                .last()));
        StepVerifier.create(outer).expectNext("read").expectComplete().verify(SOON);
        assertThat(heldInside).hasValue(1);
    }

    @Test
    void whatIsSubscribedInsideIsInTheFlowAndKnowsTheHold() {
        Mono<String> outer = asAlice(() -> robot.moveNow(Mono.fromSupplier(() -> {
            assertThat(Hold.current().paths()).containsExactly(A);
            assertThat(OwnerContext.bound().orElseThrow().owner().user()).isEqualTo("alice");
            return robot.inside(() -> "blocking");
        })));
        StepVerifier.create(outer).expectNext("blocking").verifyComplete();
    }

    @Test
    void whatIsInsideButForSomebodyElseDoesNotJoin() {
        Mono<String> ofBob = asAlice(
                () -> robot.moveNow(Mono.defer(() -> locks.callAs(BOB, () -> robot.moveNow(Mono.just("inner"))))));
        StepVerifier.create(ofBob).verifyError(MonitorLockedException.class);
    }

    @Test
    void whatOutlivesWhatItWasInsideOfIsAFlowOfItsOwn() {
        List<Disposable> left = new ArrayList<>();
        Mono<String> leaving = asAlice(() -> robot.moveNow(Mono.deferContextual(context -> {
            left.add(robot.moveNow(Mono.never()).contextWrite(context).subscribe());
            return Mono.just("left");
        })));
        StepVerifier.create(leaving).expectNext("left").verifyComplete();
        assertThat(held()).as("who joined lasts").hasSize(1);
        left.get(0).dispose();

        List<Mono<String>> later = new ArrayList<>();
        StepVerifier.create(asAlice(() -> robot.moveNow(Mono.deferContextual(context -> {
                    later.add(robot.moveNow(Mono.never()).contextWrite(context));
                    return Mono.just("left");
                }))))
                .expectNext("left")
                .verifyComplete();
        Disposable first = later.get(0).subscribe();
        StepVerifier.create(later.get(0)).verifyError(MonitorLockedException.class);
        first.dispose();
    }

    @Test
    void aMonoInACallWithALockJoinsItAndAFluxDoesNot() {
        asAlice(() -> robot.inside(() -> {
            assertThat(robot.moveNow(Mono.just("inner")).block()).isEqualTo("inner");
            StepVerifier.create(robot.readings(Flux.just("1"))).verifyError(MonitorLockedException.class);
            return null;
        }));
        Mono<String> afterTheCall = asAlice(() -> robot.inside(() -> robot.moveNow(Mono.never())));
        Disposable first = afterTheCall.subscribe();
        StepVerifier.create(afterTheCall).verifyError(MonitorLockedException.class);
        first.dispose();
    }

    @Test
    void whoCancelsWhileWaitingLeavesTheLineAndIsNeverGranted() {
        PublisherProbe<String> source = PublisherProbe.of(Mono.just("moved"));
        Hold held = takenByBob();
        Disposable waits = asAlice(() -> robot.move(source.mono())).subscribe();
        assertThat(waiting()).isOne();
        waits.dispose();
        assertThat(waiting()).isZero();
        held.close();
        source.assertWasNotSubscribed();
    }

    @Test
    void whoCancelsWhileItRunsGivesBackAndCancelsTheSource() {
        PublisherProbe<String> source = PublisherProbe.of(Mono.never());
        Disposable runs = asAlice(() -> robot.move(source.mono())).subscribe();
        assertThat(held()).hasSize(1);
        runs.dispose();
        assertThat(held()).isEmpty();
        source.assertWasCancelled();
    }

    @Test
    void whoCancelsJustWhenItIsGrantedLeavesNothing() throws Exception {
        for (int race = 0; race < RACES; race++) {
            Hold held = takenByBob();
            Disposable waits = asAlice(() -> robot.move(Mono.never())).subscribe();
            CountDownLatch go = new CountDownLatch(1);
            Thread canceller = new Thread(() -> {
                go.countDown();
                waits.dispose();
            });
            canceller.start();
            go.await();
            held.close();
            canceller.join();
            await(() -> locks.roots().isEmpty());
        }
    }

    @Test
    void anErrorComesAsItIsAfterTheGiveBack() {
        List<Integer> heldWhenTold = new ArrayList<>();
        IllegalStateException broken = new IllegalStateException("broken");
        StepVerifier.create(asAlice(() -> robot.move(Mono.error(broken)))
                        .doOnError(failure -> heldWhenTold.add(held().size())))
                .verifyErrorSatisfies(failure -> assertThat(failure).isSameAs(broken));
        assertThat(heldWhenTold).containsExactly(0);
        StepVerifier.create(asAlice(() -> robot.move(Mono.defer(() -> {
                    throw broken;
                }))))
                .verifyErrorSatisfies(failure -> assertThat(failure).isSameAs(broken));
    }

    private void takeAway() {
        locks.runAs(LockOwner.user("su"), () -> assertThat(
                        locks.forceRelease(A, held().get(0).id(), "needed"))
                .isTrue());
    }

    @Test
    void aLossCancelsTheSourceAndIsTold() {
        PublisherProbe<String> source = PublisherProbe.of(Mono.never());
        StepVerifier.create(asAlice(() -> robot.move(source.mono())))
                .then(this::takeAway)
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(LockLostException.class)
                        .hasMessageContaining("needed"))
                .verify(SOON);
        source.assertWasCancelled();

        PublisherProbe<String> readings = PublisherProbe.of(Flux.just("1").concatWith(Flux.never()));
        StepVerifier.create(asAlice(() -> robot.readings(readings.flux())))
                .expectNext("1")
                .then(this::takeAway)
                .expectError(LockLostException.class)
                .verify(SOON);
        readings.assertWasCancelled();
    }

    @Test
    void aLossThatIsFoundAtTheEndReplacesTheValue() {
        StepVerifier.create(asAlice(() -> robot.move(Mono.fromSupplier(() -> {
                    takeAway();
                    return "moved";
                }))))
                .expectError(LockLostException.class)
                .verify(SOON);
        StepVerifier.create(asAlice(() -> robot.readings(Flux.just("1").doOnComplete(this::takeAway))))
                .expectNext("1")
                .expectError(LockLostException.class)
                .verify(SOON);
    }

    @Test
    void theContextOfTheSubscriberReachesTheSource() {
        Mono<String> who = Mono.deferContextual(context -> Mono.just(context.get("who")));
        StepVerifier.create(asAlice(() -> robot.move(who)).contextWrite(context -> context.put("who", "carol")))
                .expectNext("carol")
                .verifyComplete();
        StepVerifier.create(
                        asAlice(() -> robot.readings(who.flux())).contextWrite(context -> context.put("who", "carol")))
                .expectNext("carol")
                .verifyComplete();
    }

    @Test
    void aStreamHoldsTheLockUntilItIsOver() {
        List<Integer> heldWhenTold = new ArrayList<>();
        Flux<String> readings = asAlice(() -> robot.readings(Flux.just("1", "2", "3")));
        assertThat(held()).isEmpty();
        StepVerifier.create(
                        readings.doOnNext(item -> heldWhenTold.add(held().size()))
                                .doOnComplete(() -> heldWhenTold.add(held().size())),
                        1)
                .expectNext("1")
                .then(() -> StepVerifier.create(readings).verifyError(MonitorLockedException.class))
                .thenRequest(2)
                .expectNext("2", "3")
                .verifyComplete();
        assertThat(heldWhenTold).containsExactly(1, 1, 1, 0);
        StepVerifier.create(readings.take(1)).expectNext("1").verifyComplete();
        assertThat(held()).isEmpty();
    }

    @Test
    void aMarkedClassLocksItsMonosAndLeavesItsFluxesAlone() {
        Hold held = takenByBob();
        asAlice(() -> {
            StepVerifier.create(marked.result(Mono.just("1"))).verifyError(MonitorLockedException.class);
            StepVerifier.create(marked.stream(Flux.just("1"))).expectNext("1").verifyComplete();
            return null;
        });
        held.close();
    }

    @Test
    void whatASubscriptionTookToKeepStaysIfItSucceedsAndElseIsGivenBack() {
        StepVerifier.create(asAlice(() -> robot.keep(Mono.error(new IllegalStateException("no")))))
                .verifyError(IllegalStateException.class);
        assertThat(held()).isEmpty();
        Disposable cancelled = asAlice(() -> robot.keep(Mono.never())).subscribe();
        assertThat(held()).hasSize(2);
        cancelled.dispose();
        assertThat(held()).isEmpty();

        StepVerifier.create(asAlice(() -> robot.keep(Mono.just("kept"))))
                .expectNext("kept")
                .verifyComplete();
        assertThat(held()).hasSize(1);
        StepVerifier.create(asAlice(() -> robot.keep(Mono.error(new IllegalStateException("no")))))
                .verifyError(IllegalStateException.class);
        assertThat(held()).as("what it found it leaves").hasSize(1);
        locks.runAs(ALICE, () -> locks.release(A));
    }

    @Test
    void aReleaseFollowsTheWork() {
        Sinks.One<String> work = Sinks.one();
        Mono<String> madeBeforeItIsKept = asAlice(() -> robot.release(work.asMono()));
        asAlice(() -> locks.acquire(LockRequest.user(A).keep()));
        StepVerifier.create(asAlice(() -> robot.release(Mono.error(new IllegalStateException("no")))))
                .verifyError(IllegalStateException.class);
        asAlice(() -> robot.releaseAlways(Mono.just("never subscribed")));
        assertThat(held()).hasSize(1);
        StepVerifier.create(
                        madeBeforeItIsKept.doOnNext(value -> assertThat(held()).isEmpty()))
                .then(() -> assertThat(held()).hasSize(1))
                .then(() -> work.tryEmitValue("done"))
                .expectNext("done")
                .verifyComplete();
        assertThat(held()).isEmpty();
    }

    @Test
    void aReleaseHoweverItEndsFollowsEachEnd() {
        asAlice(() -> locks.acquire(LockRequest.user(A).keep()));
        StepVerifier.create(asAlice(() -> robot.releaseAlways(Mono.error(new IllegalStateException("no")))))
                .verifyError(IllegalStateException.class);
        assertThat(held()).isEmpty();

        asAlice(() -> locks.acquire(LockRequest.user(A).keep()));
        Disposable cancelled = asAlice(() -> robot.releaseAlways(Mono.never())).subscribe();
        assertThat(held()).hasSize(1);
        cancelled.dispose();
        assertThat(held()).isEmpty();

        asAlice(() -> locks.acquire(LockRequest.user(A).keep()));
        assertThatThrownBy(() -> asAlice(() -> robot.releaseAlways(null))).hasMessage("no work");
        assertThat(held()).isEmpty();
    }

    @Test
    void aGuardIsAskedByTheCallAndByEachSubscription() {
        Mono<String> looked = asAlice(() -> robot.look(Mono.just("seen")));
        StepVerifier.create(looked).expectNext("seen").verifyComplete();
        try (Hold held = keptByBob()) {
            assertThatThrownBy(() -> asAlice(() -> robot.look(Mono.just("seen"))))
                    .isInstanceOf(ObjectLockedException.class);
            StepVerifier.create(looked).verifyError(ObjectLockedException.class);
            assertThat(held.paths()).containsExactly(A);
        }
        StepVerifier.create(looked).expectNext("seen").verifyComplete();
    }

    @Test
    void aRetryIsASubscriptionOfItsOwn() {
        Hold held = keptByBob();
        AtomicInteger tries = new AtomicInteger();
        StepVerifier.create(asAlice(() -> robot.move(Mono.just("moved")))
                        .doOnError(refused -> {
                            if (tries.incrementAndGet() == 2) {
                                locks.runAs(BOB, held::close);
                            }
                        })
                        .retry(2))
                .expectNext("moved")
                .verifyComplete();
        assertThat(tries).hasValue(2);
    }
}
