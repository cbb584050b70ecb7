package dev.objectlock.aspectj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockLostException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLockedException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OwnerContext;
import dev.objectlock.Privilege;
import dev.objectlock.WithoutStore;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.annotation.ReleaseLock;
import dev.objectlock.annotation.ReleaseOn;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import dev.objectlock.test.AsUser;
import dev.objectlock.test.ObjectLocksExtension;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The hold ends when the work does, whatever the method returns. */
@ExtendWith(ObjectLocksExtension.class)
@AsUser("alice")
class ResultsTest {

    private static final LockPath A = LockPath.of("a");

    private final Work work = new Work();

    static class Work {
        private final SubmissionPublisher<String> publisher = new SubmissionPublisher<>(Runnable::run, 16);

        @ObjectLock(path = "a", mode = LockMode.USER)
        CompletionStage<String> stage(CompletionStage<String> stage) {
            return stage;
        }

        @ObjectLock(path = "a", mode = LockMode.USER)
        CompletableFuture<String> future(CompletableFuture<String> future) {
            return future;
        }

        @ObjectLock(path = "a", mode = LockMode.USER)
        CompletionStage<String> failing() {
            throw new IllegalStateException("before there was a stage");
        }

        @ObjectLock(path = "a", mode = LockMode.USER, keep = true)
        CompletionStage<String> keeping(CompletionStage<String> stage) {
            return stage;
        }

        @ReleaseLock(path = "a")
        CompletionStage<String> releasing(CompletionStage<String> stage) {
            return stage;
        }

        @ReleaseLock(path = "a", on = ReleaseOn.ALWAYS)
        CompletionStage<String> releasingAlways(CompletionStage<String> stage) {
            return stage;
        }

        @ObjectLock(path = "a", mode = LockMode.MONITOR, waitFor = "0s")
        Flow.Publisher<String> exclusiveReadings() {
            return publisher;
        }

        @ObjectLock(path = "a", mode = LockMode.USER, keep = true)
        Flow.Publisher<String> keepingReadings(Flow.Publisher<String> source) {
            return source;
        }

        @ObjectLock(path = "a", mode = LockMode.USER, waitFor = "forever")
        Flow.Publisher<String> patientReadings(Flow.Publisher<String> source) {
            return source;
        }

        @ObjectLock(path = "a", mode = LockMode.USER, keep = true)
        void keepAnd(Runnable body) {
            body.run();
        }

        @ObjectLock(path = "a", mode = LockMode.USER)
        int number(int value) {
            return value;
        }

        @ObjectLock(path = "a", mode = LockMode.USER)
        boolean flag() {
            return true;
        }
    }

    @Test
    void primitivesAndVoidPassThrough() {
        assertThat(work.number(42)).isEqualTo(42);
        assertThat(work.flag()).isTrue();
    }

    @Test
    void aStageHoldsUntilItCompletesAndTheCallersComesAfterwards(ObjectLocks locks) {
        CompletableFuture<String> source = new CompletableFuture<>();
        List<Integer> heldWhenTold = new ArrayList<>();
        CompletionStage<String> out = work.stage(source);
        out.thenAccept(value -> heldWhenTold.add(locks.list(A).size()));
        assertThat(Hold.find()).as("not current on this thread any more").isEmpty();
        assertThat(locks.list(A)).hasSize(1);
        assertThat(work.number(1)).as("the same flow joins").isEqualTo(1);
        source.complete("done");
        assertThat(out.toCompletableFuture()).isCompletedWithValue("done");
        assertThat(heldWhenTold).containsExactly(0);
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void aStageThatFailsOrIsCancelledEndsTheHold(ObjectLocks locks) {
        CompletableFuture<String> failing = new CompletableFuture<>();
        CompletionStage<String> out = work.stage(failing);
        failing.completeExceptionally(new IllegalStateException("no"));
        assertThatThrownBy(() -> out.toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("no");
        assertThat(locks.roots()).isEmpty();

        CompletableFuture<String> source = new CompletableFuture<>();
        CompletableFuture<String> mine = work.future(source);
        assertThat(mine.cancel(true)).isTrue();
        assertThat(source).isCancelled();
        assertThatThrownBy(mine::join).isInstanceOf(CancellationException.class);
        assertThat(locks.roots()).isEmpty();

        assertThat(work.stage(null)).isNull();
        assertThat(locks.roots()).isEmpty();
        assertThatThrownBy(work::failing).hasMessage("before there was a stage");
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void whoeverCompletesWhatTheyWereGivenEndsTheHold(ObjectLocks locks) {
        CompletableFuture<String> promise = new CompletableFuture<>();
        CompletableFuture<String> mine = work.future(promise);
        assertThat(locks.list(A)).hasSize(1);
        mine.complete("by the caller");
        assertThat(promise).isCompletedWithValue("by the caller");
        assertThat(locks.roots()).isEmpty();

        CompletableFuture<String> hostile = new CompletableFuture<>() {
            @Override
            public CompletableFuture<String> whenComplete(
                    java.util.function.BiConsumer<? super String, ? super Throwable> action) {
                throw new IllegalStateException("hostile");
            }
        };
        assertThatThrownBy(() -> work.stage(hostile)).hasMessage("hostile");
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void aKeptHoldThatIsTakenAwayWhileItsCallRunsIsToldByTheCall() {
        try (ObjectLocks locks = ObjectLocks.builder()
                .authorizer(owner -> EnumSet.allOf(Privilege.class))
                .build()) {
            assertThatThrownBy(() -> locks.runAs(
                            LockOwner.user("alice"),
                            () -> work.keepAnd(
                                    () -> locks.runAs(LockOwner.user("su"), () -> locks.forceRelease(A, "needed")))))
                    .isInstanceOf(LockLostException.class)
                    .hasMessageContainingAll("su", "needed");
            assertThat(locks.roots()).isEmpty();
            locks.runAs(
                    LockOwner.user("alice"), () -> assertThat(work.number(1)).isEqualTo(1));
        }
    }

    @Test
    void aHostileSourceOrSubscriberLeavesNothing(ObjectLocks locks) {
        Flow.Publisher<String> hostile = work.patientReadings(subscriber -> {
            throw new IllegalStateException("hostile");
        });
        Reader reader = new Reader();
        hostile.subscribe(reader);
        assertThat(reader.failure).hasMessage("hostile");
        assertThatThrownBy(() -> hostile.subscribe(null)).isInstanceOf(NullPointerException.class);
        assertThat(locks.roots()).isEmpty();

        SubmissionPublisher<String> failing = new SubmissionPublisher<>(Runnable::run, 4);
        Reader kept = new Reader();
        work.keepingReadings(failing).subscribe(kept);
        assertThat(locks.list(A)).hasSize(2);
        failing.closeExceptionally(new IllegalStateException("source"));
        assertThat(kept.failure).hasMessage("source");
        assertThat(locks.roots())
                .as("what this subscription took to keep is given back")
                .isEmpty();
    }

    @Test
    void aWaitingSubscriptionCanBeCancelled(ObjectLocks locks) {
        Hold held = locks.callAs(
                LockOwner.user("bob"), () -> locks.acquire(LockRequest.user(A).keep()));
        Reader reader = new Reader();
        work.patientReadings(work.publisher).subscribe(reader);
        assertThat(locks.status(A).waiters()).hasSize(1);
        reader.subscription.cancel();
        assertThat(locks.status(A).waiters()).isEmpty();
        held.close();
        assertThat(reader.failure).isNull();
        assertThat(work.publisher.getNumberOfSubscribers()).isZero();
    }

    @Test
    void whoeverReleasesDoesNotRunTheSubscriptionsOfOthers(ObjectLocks locks) throws Exception {
        Hold held = locks.callAs(
                LockOwner.user("bob"), () -> locks.acquire(LockRequest.user(A).keep()));
        CompletableFuture<String> subscribedBy = new CompletableFuture<>();
        Reader reader = new Reader();
        work.patientReadings(subscriber -> {
                    subscribedBy.complete(Thread.currentThread().getName() + "/"
                            + OwnerContext.bound().orElseThrow().owner().user());
                    work.publisher.subscribe(subscriber);
                })
                .subscribe(reader);
        locks.runAs(LockOwner.user("bob"), held::close);
        assertThat(subscribedBy.get(20, TimeUnit.SECONDS))
                .endsWith("/alice")
                .doesNotStartWith(Thread.currentThread().getName());
        reader.subscription.cancel();
        while (!locks.roots().isEmpty() || work.publisher.getNumberOfSubscribers() > 0) {
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    void aSubscriptionThatLosesItsHoldIsToldOnceAndEndsItsSource() throws Exception {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        SubmissionPublisher<String> source = new SubmissionPublisher<>(Runnable::run, 4);
        try (ObjectLocks own = ObjectLocks.builder().build()) {
            own.runAs(
                    LockOwner.user("alice"), () -> work.patientReadings(source).subscribe(new Reader() {
                        @Override
                        public void onError(Throwable thrown) {
                            told.complete(thrown);
                        }
                    }));
            assertThat(source.getNumberOfSubscribers()).isOne();
        }
        assertThat(told.get(20, TimeUnit.SECONDS)).isInstanceOf(LockLostException.class);
        assertThat(source.getNumberOfSubscribers()).isZero();
    }

    @Test
    void whatAKeepingStageTookIsGivenBackWhenItFails(ObjectLocks locks) {
        CompletableFuture<String> source = new CompletableFuture<>();
        work.keeping(source);
        assertThat(locks.list(A)).hasSize(2);
        source.completeExceptionally(new IllegalStateException("no"));
        assertThat(locks.roots()).isEmpty();
        work.keeping(CompletableFuture.completedFuture("yes"));
        assertThat(locks.list(A)).hasSize(1);
        locks.release(A);
    }

    @Test
    void aReleaseFollowsTheStage(ObjectLocks locks) {
        locks.acquire(LockRequest.user(A).keep());
        CompletableFuture<String> failing = new CompletableFuture<>();
        work.releasing(failing);
        failing.completeExceptionally(new IllegalStateException("no"));
        assertThat(locks.list(A)).hasSize(1);
        CompletableFuture<String> source = new CompletableFuture<>();
        work.releasing(source);
        assertThat(locks.list(A)).hasSize(1);
        source.complete("yes");
        assertThat(locks.roots()).isEmpty();

        locks.acquire(LockRequest.user(A).keep());
        CompletableFuture<String> always = new CompletableFuture<>();
        work.releasingAlways(always);
        always.completeExceptionally(new IllegalStateException("no"));
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void aHoldLostDuringAStageFailsTheCallersStage() {
        CompletableFuture<String> source = new CompletableFuture<>();
        CompletionStage<String> out;
        try (ObjectLocks own = ObjectLocks.builder().build()) {
            out = own.callAs(LockOwner.user("alice"), () -> work.stage(source));
        }
        source.complete("done");
        assertThatThrownBy(() -> out.toCompletableFuture().join()).hasCauseInstanceOf(LockLostException.class);
    }

    @Test
    void eachSubscriptionOfALockedPublisherIsAFlowOfItsOwn(ObjectLocks locks) {
        Flow.Publisher<String> readings = work.exclusiveReadings();
        assertThat(locks.roots()).as("nobody has subscribed").isEmpty();

        Reader first = new Reader();
        readings.subscribe(first);
        assertThat(locks.list(A)).hasSize(1);
        Reader second = new Reader();
        readings.subscribe(second);
        assertThat(second.failure).isInstanceOf(dev.objectlock.MonitorLockedException.class);
        work.publisher.submit("42");
        assertThat(first.items).containsExactly("42");

        first.subscription.cancel();
        first.subscription.cancel();
        assertThat(locks.roots()).isEmpty();
        Reader third = new Reader();
        readings.subscribe(third);
        assertThat(third.failure).isNull();
        work.publisher.close();
        assertThat(third.complete).isTrue();
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void anotherUserIsRefusedByTheSubscriptionAndNotByTheCall(ObjectLocks locks) {
        Hold held = locks.acquire(LockRequest.user(A).keep());
        Reader reader = new Reader();
        locks.runAs(LockOwner.user("bob"), () -> work.exclusiveReadings().subscribe(reader));
        assertThat(reader.failure).isInstanceOf(ObjectLockedException.class);
        held.close();
    }

    @Test
    void aSubscriptionGoesOnWithoutTheStoreIfTheApplicationChoseThat() {
        ObjectLocks proceeding = ObjectLocks.builder()
                .backend(new Nowhere())
                .withoutStore(WithoutStore.PROCEED)
                .build();
        try (proceeding) {
            Reader reader = new Reader();
            proceeding.runAs(
                    LockOwner.user("alice"), () -> work.exclusiveReadings().subscribe(reader));
            work.publisher.submit("42");
            work.publisher.close();
            assertThat(reader.items).containsExactly("42");
            assertThat(reader.complete).isTrue();
        }
    }

    /** A store that cannot be reached. */
    private static final class Nowhere implements LockBackend {
        @Override
        public String name() {
            return "nowhere";
        }

        @Override
        public CompletionStage<JoinedProcess> join(ProcessListener listener) {
            return CompletableFuture.failedFuture(new LockBackendException("no route to host", true, null));
        }

        @Override
        public void close() {}
    }

    private static class Reader implements Flow.Subscriber<String> {
        private final List<String> items = new ArrayList<>();
        private Flow.Subscription subscription;
        private Throwable failure;
        private boolean complete;

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
        public void onError(Throwable thrown) {
            failure = thrown;
        }

        @Override
        public void onComplete() {
            complete = true;
        }
    }
}
