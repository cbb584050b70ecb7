package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.ClientSession;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Privilege;
import dev.objectlock.SessionPolicy;
import dev.objectlock.backend.LockBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store answers and tells on a wire: what it has done in one order may be known here in another, or not at all. */
class SessionsOnAWireTest {

    private static final LockPath ARM = LockPath.of("cell:7", "arm");

    private final MemoryStore store = new MemoryStore();
    private final Wire wire = new Wire(store.backend());
    private final AtomicInteger denials = new AtomicInteger();
    private final ObjectLocks locks = ObjectLocks.builder()
            .backend(wire)
            .authorizer(owner -> {
                if (denials.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    throw new IllegalStateException("no answer");
                }
                return EnumSet.allOf(Privilege.class);
            })
            .build();

    @AfterEach
    void close() {
        locks.close();
        store.close();
    }

    @Test
    void theFormerSessionIsOverWheneverTheStoreTellsIt() {
        ClientSession before = locks.sessions().open("alice", SessionPolicy.STAY);
        wire.holdsBack = true;
        ClientSession after = locks.sessions().resume(before.id());
        assertThat(before.isOpen()).isFalse();
        wire.heldBack.forEach(InterceptedBackend.Call::proceed);
        assertThat(after.isOpen()).isTrue();
        after.close();
    }

    @Test
    void ofTwoWhoComeBackAtOnceTheLastOneHasTheSession() throws Exception {
        ClientSession before = locks.sessions().open("alice", SessionPolicy.STAY);
        before.disconnect();
        CompletableFuture<Void> released = new CompletableFuture<>();
        wire.nextResume = released;
        CompletableFuture<ClientSession> first =
                CompletableFuture.supplyAsync(() -> locks.sessions().resume(before.id()));
        BackendCases.await(() -> wire.resumes.get() == 1);
        ClientSession second = locks.sessions().resume(before.id());
        released.complete(null);
        assertThat(first.get(20, TimeUnit.SECONDS).isOpen()).isFalse();
        assertThat(second.isOpen()).isTrue();
        second.run(() -> locks.acquire(LockRequest.client(ARM).keep()));
        second.close();
        assertThat(locks.roots()).isEmpty();
    }

    /** One after the other, and once a second while the store cannot be reached. */
    @Test
    void loginsInDoubtAreSeenToWhenTheStoreAnswers() {
        wire.failure = new LockBackendException("connection refused", true, null);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> locks.sessions().open("alice")).isInstanceOf(LockBackendException.class);
        }
        wire.failure = new LockBackendException("no answer", false, null);
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> locks.sessions().open("alice")).isInstanceOf(LockBackendException.class);
        }
        for (int tried = 1; tried <= 3; tried++) {
            int times = tried;
            store.pass(Duration.ofSeconds(1));
            BackendCases.await(() -> wire.resumes.get() == times && true);
        }
        wire.failure = null;
        BackendCases.await(() -> {
            store.pass(Duration.ofSeconds(1));
            return wire.resumes.get() == 3 + 5;
        });
        assertThat(wire.resumed)
                .as("those that certainly did nothing are not among them")
                .isSubsetOf(wire.inDoubt);
    }

    /** The authorizer is the application's, and may fail. */
    @Test
    void aLoginThatTheAuthorizerFailsLeavesNothing() {
        denials.set(1);
        assertThatThrownBy(() -> locks.sessions().open("alice", SessionPolicy.STAY))
                .isInstanceOf(IllegalStateException.class);
        ClientSession screen = locks.sessions().open("alice");
        screen.run(() -> locks.acquire(LockRequest.user(ARM).keep()));
        screen.close();
        assertThat(locks.roots()).isEmpty();
    }

    private static final class Wire extends InterceptedBackend {

        private final List<Call> heldBack = new ArrayList<>();
        private final AtomicInteger resumes = new AtomicInteger();
        private final Queue<String> resumed = new ConcurrentLinkedQueue<>();
        private final Queue<String> inDoubt = new ConcurrentLinkedQueue<>();
        private volatile boolean holdsBack;
        private volatile @Nullable CompletableFuture<Void> nextResume;
        private volatile @Nullable LockBackendException failure;

        Wire(LockBackend real) {
            super(real);
        }

        @Override
        protected @Nullable Object asked(Call call) {
            boolean resume = call.name().equals("resumeClient");
            LockBackendException fails = failure;
            CompletableFuture<Void> until = resume ? nextResume : null;
            if (until != null) {
                nextResume = null;
                CompletableFuture<Object> answer = call.send().toCompletableFuture();
                resumes.incrementAndGet();
                return until.thenCompose(done -> answer);
            }
            if (resume) {
                call.argument(0, String.class).ifPresent(resumed::add);
                resumes.incrementAndGet();
            } else if (fails != null && !fails.isOutcomeKnown()) {
                call.argument(0, LockOwner.class).map(LockOwner::client).ifPresent(inDoubt::add);
            }
            return fails != null && (resume || call.name().equals("openClient"))
                    ? CompletableFuture.failedFuture(fails)
                    : call.proceed();
        }

        @Override
        protected void told(Call call) {
            if (holdsBack && call.name().equals("over")) {
                heldBack.add(call);
            } else {
                call.proceed();
            }
        }
    }
}
