package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.LockEvent.HistoryChanged;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockTransactions;
import dev.objectlock.ObjectLocks;
import dev.objectlock.TransactionRequest;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.testkit.fixtures.Score;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A process that tells its store that it has no history any more, at the moment in which it gets one. */
class ForgottenHistoryTest {

    private static final LockPath PART = LockPath.of("score:1", "part:a");

    /** What others do in the middle of the next {@link dev.objectlock.backend.JoinedProcess#forgetHistory}. */
    private final AtomicReference<@Nullable Runnable> meanwhile = new AtomicReference<>();

    private final Score score = new Score().with(PART);

    @Test
    void aHistoryThatBeginsWhileTheLastOneIsForgottenIsKept() {
        Queue<HistoryChanged.Change> told = new ConcurrentLinkedQueue<>();
        try (MemoryStore store = new MemoryStore();
                ObjectLocks locks = ObjectLocks.builder()
                        .backend(new Interrupted(store.backend()))
                        .listener(event -> {
                            if (event instanceof HistoryChanged changed) {
                                told.add(changed.change());
                            }
                        })
                        .build()) {
            LockTransactions transactions = locks.transactions();
            transactions.participant("score:{score}/part:{part}", score);
            Thread other = new Thread(() -> locks.runAs(LockOwner.user("u2"), () -> add(locks)), "other");
            meanwhile.set(() -> runAsFarAsItGets(other));
            locks.runAs(LockOwner.user("u1"), () -> {
                transactions.begin(TransactionRequest.of("Nothing", PART)).rollback();
                join(other);
                assertThat(transactions.undo(PART)).isPresent();
                assertThat(score.look(PART)).containsOnly(0);
            });
            assertThat(told).doesNotContain(HistoryChanged.Change.OVERTAKEN);
        }
    }

    /** Until it has ended, or waits for whoever forgets the history. */
    private static void runAsFarAsItGets(Thread other) {
        other.start();
        BackendCases.await(() -> !other.isAlive() || other.getState() == Thread.State.WAITING);
    }

    private static void join(Thread other) {
        BackendCases.await(() -> !other.isAlive());
    }

    private void add(ObjectLocks locks) {
        locks.transactions().run(TransactionRequest.of("Add", PART), () -> score.add(PART, 0, 100, 1));
    }

    /** The store, with something that is done just before it forgets a history. */
    private final class Interrupted extends InterceptedBackend {

        Interrupted(LockBackend store) {
            super(store);
        }

        @Override
        protected @Nullable Object asked(Call call) {
            Runnable now = call.name().equals("forgetHistory") ? meanwhile.getAndSet(null) : null;
            if (now != null) {
                now.run();
            }
            return call.proceed();
        }
    }
}
