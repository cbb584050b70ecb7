package dev.objectlock.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OwnerContext;
import dev.objectlock.test.ObjectLocksExtension;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The owner goes along to other threads, as a new flow. */
@ExtendWith(ObjectLocksExtension.class)
class CarriedOwnerTest {

    private static final LockOwner ALICE = LockOwner.user("alice");
    private static final LockPath THING = LockPath.of("thing:1");

    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        thread.shutdownNow();
    }

    @Test
    void withTheTaskDecorator(ObjectLocks locks) throws Exception {
        LockOwner[] seen = new LockOwner[1];
        LockOwner caller = locks.callAs(ALICE, () -> {
            thread.submit(new ObjectLockTaskDecorator().decorate(() -> seen[0] = owner()))
                    .get(20, TimeUnit.SECONDS);
            return owner();
        });
        assertNewFlow(seen[0], caller);
        assertThreadIsClean();
    }

    /** A pool that is full has the caller run it: it must not wait for what the caller holds. */
    @Test
    void aTaskThatTheSubmitterRunsIsInItsFlow(ObjectLocks locks) {
        locks.runAs(
                ALICE,
                () -> locks.run(LockRequest.monitor(THING), () -> new ObjectLockTaskDecorator()
                        .decorate(() -> assertThat(locks.check(LockRequest.monitor(THING)))
                                .isEmpty())
                        .run()));
    }

    @Test
    @SuppressWarnings("try")
    void withContextPropagation(ObjectLocks locks) throws Exception {
        ContextSnapshotFactory snapshots = ContextSnapshotFactory.builder().build();
        LockOwner caller = locks.callAs(ALICE, () -> owner());
        ContextSnapshot snapshot = locks.callAs(ALICE, () -> snapshots.captureAll());
        LockOwner seen = thread.submit(() -> {
                    try (ContextSnapshot.Scope scope = snapshot.setThreadLocals()) {
                        return owner();
                    }
                })
                .get(20, TimeUnit.SECONDS);
        assertNewFlow(seen, caller);
        assertThreadIsClean();
    }

    /** What the thread held before goes on afterwards, in its own flow. */
    @Test
    @SuppressWarnings("try")
    void contextPropagationPutsBackWhatWasThere(ObjectLocks locks) {
        ContextSnapshotFactory snapshots = ContextSnapshotFactory.builder().build();
        ContextSnapshot ofAlice = locks.callAs(ALICE, () -> snapshots.captureAll());
        locks.runAs(
                LockOwner.user("bob"),
                () -> locks.run(LockRequest.monitor(THING), () -> {
                    LockOwner before = owner();
                    try (ContextSnapshot.Scope scope = ofAlice.setThreadLocals()) {
                        assertThat(owner().user()).isEqualTo("alice");
                        assertThat(locks.check(LockRequest.monitor(THING)))
                                .as("bob's monitor is in her way")
                                .isPresent();
                    }
                    assertThat(owner()).isEqualTo(before);
                    assertThat(locks.check(LockRequest.monitor(THING))).isEmpty();
                }));
    }

    /** On the thread that it was captured on, the flow goes on: work that runs at once must not wait for itself. */
    @Test
    @SuppressWarnings("try")
    void onItsOwnThreadTheFlowGoesOn(ObjectLocks locks) {
        ContextSnapshotFactory snapshots = ContextSnapshotFactory.builder().build();
        locks.runAs(
                ALICE,
                () -> locks.run(LockRequest.monitor(THING), () -> {
                    try (ContextSnapshot.Scope scope = snapshots.captureAll().setThreadLocals()) {
                        assertThat(locks.check(LockRequest.monitor(THING))).isEmpty();
                    }
                }));
    }

    private void assertNewFlow(LockOwner seen, LockOwner caller) {
        assertThat(seen.user()).isEqualTo("alice");
        assertThat(seen.client()).isEqualTo(caller.client());
        assertThat(seen.flow()).isNotEqualTo(caller.flow());
    }

    private void assertThreadIsClean() throws Exception {
        assertThat(thread.submit(OwnerContext::bound).get(20, TimeUnit.SECONDS))
                .as("the pooled thread afterwards")
                .isEmpty();
    }

    private static LockOwner owner() {
        return OwnerContext.bound().orElseThrow().owner();
    }
}
