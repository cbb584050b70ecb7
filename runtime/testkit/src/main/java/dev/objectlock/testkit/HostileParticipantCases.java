package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.objectlock.ChangedPart;
import dev.objectlock.Extent;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockLostException;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.MonitorLockedException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OpenTransaction;
import dev.objectlock.TransactionRequest;
import dev.objectlock.TransactionRolledBackException;
import dev.objectlock.UndoEntry;
import dev.objectlock.UndoParticipant;
import dev.objectlock.annotation.LockPropagation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Foreign code around transactions that throws, blocks or calls back in: it leaves no hold, no waiter, no open transaction and no
 * half step behind, and hides no exception.
 */
public abstract class HostileParticipantCases extends ScoreCases {

    private final IllegalStateException hostile = new IllegalStateException("hostile");
    private final IllegalArgumentException failure = new IllegalArgumentException("failure of the body");

    /** For the subclasses. */
    protected HostileParticipantCases() {}

    private void throwing(ChangedPart part) {
        throw hostile;
    }

    /** Throws the next time, and then no more. */
    private void throwingOnce(ChangedPart part) {
        score.beforeCapture(null);
        score.beforeRestore(null);
        throw hostile;
    }

    private void failing(LockPath part, long from, long to) {
        addAnd(1, part, from, to, () -> {
            throw failure;
        });
    }

    private void assertNothingIsLeft() {
        assertThat(transactions.open()).isEmpty();
        assertThat(locks.roots()).isEmpty();
        assertThat(transactions.current()).isEmpty();
    }

    /** Afterwards everything can be had, by anybody, at once; also by the same flow. */
    @AfterEach
    void everythingCanBeHad() {
        score.beforeCapture(null);
        score.beforeRestore(null);
        TransactionRequest all = TransactionRequest.of("All", PART).and(OTHER).waitFor(Duration.ZERO);
        as("u1/c1", () -> transactions.run(all, () -> {}));
        as("u9/c9", () -> transactions.run(all, () -> {}));
        assertThat(undoNames()).startsWith("All", "All");
    }

    @Test
    void xx12_whatThrowsInCaptureKeepsTheBodyFromRunning() {
        AtomicInteger ran = new AtomicInteger();
        TransactionRequest two = adding(1, PART, 0, 100).and(OTHER);
        as("u1/c1", () -> {
            for (LockPath broken : List.of(PART, OTHER)) {
                score.beforeCapture(part -> {
                    if (part.path().equals(broken)) {
                        throw hostile;
                    }
                });
                assertThatThrownBy(() -> transactions.run(two, ran::incrementAndGet))
                        .isSameAs(hostile);
                assertNothingIsLeft();
                assertThatThrownBy(() -> transactions.begin(two)).isSameAs(hostile);
                assertNothingIsLeft();
            }
        });
        assertThat(ran).hasValue(0);
        assertThat(undoNames()).isEmpty();
    }

    @Test
    void xx12_whatThrowsInCaptureOfAFurtherPartLeavesWhatWasOpen() {
        as("u1/c1", () -> {
            try (OpenTransaction open = addOpen(1, PART, 0, 100)) {
                score.beforeCapture(this::throwingOnce);
                assertThatThrownBy(() -> open.widen(OTHER)).isSameAs(hostile);
                score.beforeCapture(this::throwingOnce);
                assertThatThrownBy(() -> add(2, OTHER, 0, 100)).isSameAs(hostile);
                assertThat(locks.list(ROOT)).hasSize(1);
                as("u2/c2", () -> add(4, OTHER, 0, 100));
                open.commit();
            }
        });
        assertThat(undoNames()).containsExactly("Add 1", "Add 4");
        assertThat(score.at(OTHER, 0)).isEqualTo(4);
    }

    @Test
    void xx12_aStateThatIsNullOrCannotBeMeasuredIsRefused() {
        Map<String, UndoParticipant<String>> bad = new LinkedHashMap<>();
        bad.put("capture returned null", new Bad(null, 0));
        bad.put("cannot be measured", new Bad("state", -1));
        as(
                "u1/c1",
                () -> bad.forEach((message, participant) -> {
                    TransactionRequest request = adding(1, PART, 0, 100).participant(participant);
                    assertThatThrownBy(() -> transactions.run(request, () -> {}))
                            .hasMessageContaining(message);
                    assertNothingIsLeft();
                }));
        assertThat(undoNames()).isEmpty();
    }

    private record Bad(@Nullable String state, long size) implements UndoParticipant<String> {

        @Override
        @SuppressWarnings("NullAway") // That is what is bad about it.
        public String capture(LockPath path, @Nullable Extent extent) {
            return state;
        }

        @Override
        public void restore(LockPath path, @Nullable Extent extent, String restored) {}

        @Override
        public long bytes(String measured) {
            if (size < 0) {
                throw new IllegalStateException("cannot be measured");
            }
            return size;
        }
    }

    @Test
    void xx12_whatThrowsInRestoreDoesNotHideWhatTheBodyThrew() {
        as("u1/c1", () -> {
            score.beforeRestore(this::throwing);
            Throwable thrown = catchThrowable(() -> failing(PART, 0, 100));
            assertThat(thrown).isSameAs(failure).hasSuppressedException(hostile);
            assertNothingIsLeft();
            OpenTransaction rolledBack = addOpen(1, PART, 0, 100);
            assertThatThrownBy(rolledBack::rollback).isSameAs(hostile);
            assertNothingIsLeft();
            addOpen(1, PART, 0, 100).close();
            assertNothingIsLeft();
        });
        assertThat(undoNames()).isEmpty();
    }

    @Test
    void xx12_whatThrowsInRestoreOfOnePartLeavesTheOthersRestored() {
        as("u1/c1", () -> {
            score.beforeRestore(part -> {
                if (part.path().equals(OTHER)) {
                    throw hostile;
                }
            });
            assertThatThrownBy(() -> addAnd(
                            1,
                            PART,
                            0,
                            100,
                            () -> addAnd(2, OTHER, 0, 100, () -> {
                                throw failure;
                            })))
                    .isSameAs(failure);
        });
        assertThat(at(0)).isZero();
        assertThat(score.at(OTHER, 0)).isEqualTo(2);
    }

    @Test
    void xx12_whatThrowsInRestoreWhenItIsIdleGivesThePartBack() {
        as("u1/c1", () -> {
            OpenTransaction stalled = addOpen(1, PART, 0, 100);
            score.beforeRestore(this::throwing);
            store.pass(IDLE);
            await(() -> locks.roots().isEmpty());
            as("u2/c2", () -> add(2, PART, 0, 100));
            stalled.close();
        });
        assertNothingIsLeft();
        assertThat(undoNames()).containsExactly("Add 2");
    }

    @Test
    void xx12_whatThrowsInAnUndoOrARedoLeavesTheStepWhereItWas() {
        as("u1/c1", () -> {
            add(1, PART, 0, 100);
            add(2, PART, 0, 100);
            score.beforeCapture(this::throwingOnce);
            assertThatThrownBy(() -> transactions.undo(ROOT)).isSameAs(hostile);
            score.beforeRestore(this::throwingOnce);
            assertThatThrownBy(() -> transactions.undo(ROOT)).isSameAs(hostile);
            assertNothingIsLeft();
            assertThat(at(0)).isEqualTo(3);
            assertThat(undoNames()).containsExactly("Add 2", "Add 1");
            assertThat(transactions.undo(ROOT)).isPresent();
            assertThat(transactions.undo(ROOT)).isPresent();

            score.beforeCapture(this::throwingOnce);
            assertThatThrownBy(() -> transactions.redo(ROOT)).isSameAs(hostile);
            score.beforeRestore(this::throwingOnce);
            assertThatThrownBy(() -> transactions.redo(ROOT)).isSameAs(hostile);
            assertNothingIsLeft();
            assertThat(score.look(PART)).containsOnly(0);
            assertThat(redoNames()).containsExactly("Add 1", "Add 2");
            assertThat(undoNames()).isEmpty();
            assertThat(transactions.redo(ROOT)).isPresent();
            assertThat(transactions.redo(ROOT)).isPresent();
            assertThat(at(0)).isEqualTo(3);
        });
    }

    @Test
    void xx12_anUndoOfSeveralPartsThatThrowsInTheMiddleIsNotHalfDone() {
        as("u1/c1", () -> {
            addAnd(1, PART, 0, 100, () -> add(2, OTHER, 0, 100));
            for (LockPath broken : List.of(PART, OTHER)) {
                score.beforeRestore(part -> {
                    if (part.path().equals(broken)) {
                        throwingOnce(part);
                    }
                });
                assertThatThrownBy(() -> transactions.undo(ROOT)).isSameAs(hostile);
                assertThat(List.of(at(0), score.at(OTHER, 0))).containsExactly(1L, 2L);
            }
            assertThat(transactions.undo(ROOT)).isPresent();
        });
        assertThat(List.of(at(0), score.at(OTHER, 0))).containsExactly(0L, 0L);
    }

    @Test
    void xx12_whatBlocksInRestoreHoldsNobodyElseUp() {
        as("u1/c1", () -> add(1, APART, 0, 100));
        CountDownLatch restoring = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        score.beforeRestore(part -> {
            if (part.equals(new ChangedPart(PART, new Extent(0, 100)))) {
                restoring.countDown();
                await(go);
            }
        });
        Running<Throwable> blocked = start("u1/c1", () -> catchThrowable(() -> failing(PART, 0, 100)));
        await(restoring);
        as("u2/c2", () -> {
            add(2, PART, 100, 200);
            add(2, OTHER, 0, 200);
            add(2, APART, 0, 100);
            assertThatThrownBy(() -> failing(PART, 100, 200)).isSameAs(failure);
            assertThat(transactions.undo(APART)).isPresent();
            assertThat(transactions.redo(APART)).isPresent();
            assertThat(transactions.undo(ROOT).map(UndoEntry::name)).contains("Add 2");
            assertThat(transactions.open()).hasSize(1);
            assertThat(transactions.undoable(ROOT)).hasSize(1);
            assertThatThrownBy(() -> transactions.begin(adding(4, PART, 0, 10).waitFor(Duration.ZERO)))
                    .isInstanceOf(MonitorLockedException.class);
        });
        Running<Boolean> waiting = start("u3/c3", () -> {
            add(4, PART, 0, 100);
            return true;
        });
        awaitWaiters("score:1/part:a", 1);
        go.countDown();
        assertThat(blocked.result()).isSameAs(failure);
        assertThat(waiting.result()).isTrue();
        assertThat(at(0)).isEqualTo(4);
    }

    @Test
    void xx12_whatBlocksInRestoreWhenItIsIdleHoldsTheClockUpForNobody() {
        CountDownLatch restoring = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        score.beforeRestore(part -> {
            restoring.countDown();
            await(go);
        });
        as("u1/c1", () -> {
            OpenTransaction stalled = addOpen(1, PART, 0, 100);
            OpenTransaction kept = callAs("u2/c2", () -> addOpen(2, OTHER, 0, 100));
            store.pass(IDLE.minusSeconds(1));
            kept.run(() -> {});
            store.pass(Duration.ofSeconds(1));
            await(restoring);
            kept.commit();
            // It is being restored: who comes now is told, and changes nothing.
            assertThatThrownBy(stalled::commit).isInstanceOf(LockLostException.class);
            assertThat(locks.list(PART))
                    .as("not given back before it is restored")
                    .hasSize(1);
            // The same flow may begin anew, and waits until it is restored.
            Running<Boolean> end = start("u3/c3", () -> {
                await(() -> locks.list(PART).size() == 2);
                go.countDown();
                return true;
            });
            add(4, PART, 0, 100);
            assertThat(end.result()).isTrue();
        });
        assertThat(at(0)).isEqualTo(4);
        assertThat(undoNames()).containsExactly("Add 4", "Add 2");
    }

    /** What a participant might do with the locks; each must be harmless. */
    private Map<String, Runnable> callsBackIn() {
        Map<String, Runnable> calls = new LinkedHashMap<>();
        calls.put("runs a transaction", () -> add(0, PART, 0, 200));
        calls.put(
                "runs one of its own",
                () -> transactions.run(adding(0, OTHER, 0, 200).propagation(LockPropagation.REQUIRES_NEW), () -> {}));
        calls.put("begins one", () -> {
            try (OpenTransaction open = addOpen(0, OTHER, 0, 200)) {
                open.widen(PART);
                open.commit();
            }
        });
        calls.put("begins one and forgets it", () -> addOpen(0, OTHER, 0, 200));
        calls.put("takes a lock", () -> locks.acquire(LockRequest.monitor(PART)).close());
        calls.put("takes a lock without a thread", () -> locks.async().acquire(LockRequest.monitor(PART)));
        calls.put(
                "takes a lock to keep",
                () -> locks.acquire(LockRequest.user(PART).keep()));
        calls.put("calls with a lock", () -> locks.run(LockRequest.monitor(ROOT), () -> {}));
        calls.put(
                "reads an element",
                () -> transactions.readElement(PART.child("note:1")).close());
        calls.put("changes an element", () -> transactions.changeElement(PART.child("note:1"), () -> {}));
        calls.put("reads", () -> transactions.read(() -> at(0)));
        calls.put("works for somebody else", () -> as("u7/c7", () -> add(0, PART, 0, 200)));
        calls.put("closes what it is part of", () -> transactions.current().ifPresent(OpenTransaction::close));
        calls.put("asks who is there", () -> {
            locks.list(ROOT);
            locks.status(PART);
            transactions.open();
            transactions.undoable(ROOT);
        });
        return calls;
    }

    @Test
    void xx12_whatCallsBackInTakesNothingAndWaitsForNothing() {
        callsBackIn()
                .forEach((what, call) -> as("u1/c1", () -> {
                    score.beforeCapture(part -> call.run());
                    score.beforeRestore(part -> call.run());
                    assertThat(catchThrowable(() -> failing(PART, 0, 100)))
                            .as(what)
                            .isSameAs(failure);
                    assertThat(failure.getSuppressed()).as(what).isEmpty();
                    assertNothingIsLeft();
                    addAnd(1, PART, 0, 100, () -> add(2, OTHER, 0, 100));
                    assertThat(transactions.undo(ROOT)).as(what).isPresent();
                    assertThat(transactions.redo(ROOT)).as(what).isPresent();
                    assertThat(transactions.undo(ROOT)).as(what).isPresent();
                    assertNothingIsLeft();
                    assertThat(undoNames()).as(what).isEmpty();
                    assertThat(redoNames()).as(what).containsExactly("Add 1");
                    assertThat(score.look(PART)).as(what).containsOnly(0);
                }));
    }

    @Test
    void xx12_whatIsPartOfATransactionCannotEndOrUndoItFromWithin() {
        Map<String, Runnable> calls = new LinkedHashMap<>();
        calls.put("commits", () -> transactions.current().ifPresent(OpenTransaction::commit));
        calls.put("rolls back", () -> transactions.current().ifPresent(OpenTransaction::rollback));
        calls.put("goes on", () -> transactions.current().ifPresent(open -> open.run(() -> {})));
        calls.put("widens", () -> transactions.current().ifPresent(open -> open.widen(OTHER)));
        calls.put("undoes", () -> transactions.undo(ROOT));
        calls.put("redoes", () -> transactions.redo(ROOT));
        calls.forEach((what, call) -> as("u1/c1", () -> {
            add(1, PART, 0, 100);
            AtomicInteger refused = new AtomicInteger();
            Consumer<ChangedPart> inside = part -> {
                // In a capture nothing is open yet, and then there is nothing to be ended.
                if (transactions.current().isPresent()) {
                    assertThatThrownBy(call::run).as(what).isInstanceOf(LockConfigurationException.class);
                    refused.incrementAndGet();
                }
            };
            score.beforeRestore(inside);
            score.beforeCapture(inside);
            assertThatThrownBy(() -> addAnd(
                            2,
                            PART,
                            0,
                            100,
                            () -> addAnd(4, OTHER, 0, 100, () -> {
                                throw failure;
                            })))
                    .isSameAs(failure);
            assertThat(transactions.undo(ROOT)).as(what).isPresent();
            assertThat(refused.get()).as(what).isPositive();
            assertNothingIsLeft();
            assertThat(score.look(PART)).as(what).containsOnly(0);
            assertThat(failure.getSuppressed()).as(what).isEmpty();
        }));
    }

    @Test
    void xx12_aCallOfAnEndedTransactionThrowsWhatItsBodyThrew() {
        for (boolean commit : new boolean[] {true, false}) {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            as("u1/c1", () -> {
                OpenTransaction open = addOpen(1, PART, 0, 100);
                Running<Throwable> late = start(
                        "u1/c1",
                        () -> catchThrowable(() -> open.run(() -> {
                            inside.countDown();
                            await(go);
                            throw failure;
                        })));
                await(inside);
                score.beforeRestore(this::throwing);
                if (commit) {
                    open.commit();
                    as("su/c9", () -> assertThat(locks.forceRelease(
                                    ROOT, locks.list(PART).get(0).id(), "needed"))
                            .isTrue());
                } else {
                    open.rollback();
                }
                go.countDown();
                assertThat(late.result()).isSameAs(failure);
                score.beforeRestore(null);
            });
            assertNothingIsLeft();
        }
    }

    @Test
    void xx12_listenersThatThrowOrCallBackInHarmNobody() {
        AtomicInteger heard = new AtomicInteger();
        ObjectLocks[] engine = new ObjectLocks[1];
        engine[0] = knowing(otherProcess(store.backend(), builder -> builder.listener(event -> {
                    heard.incrementAndGet();
                    throw hostile;
                })
                .listener(event -> {
                    heard.incrementAndGet();
                    engine[0].runAs(
                            owner("u5/c5"), () -> engine[0].transactions().undo(APART));
                    throw new AssertionError("hostile too");
                })));
        ObjectLocks other = engine[0];
        other.runAs(owner("u1/c1"), () -> {
            other.transactions().run(adding(1, PART, 0, 100), () -> score.add(PART, 0, 100, 1));
            assertThat(other.transactions().undo(ROOT)).isPresent();
            assertThat(other.transactions().redo(ROOT)).isPresent();
            assertThatThrownBy(() -> other.transactions().run(adding(1, PART, 0, 100), () -> {
                        throw failure;
                    }))
                    .isSameAs(failure);
            OpenTransaction lost = other.transactions().begin(adding(2, PART, 0, 100));
            store.pass(IDLE);
            assertThatThrownBy(lost::commit).isInstanceOf(LockLostException.class);
            lost.close();
        });
        await(() -> heard.get() >= 8);
        await(() -> other.transactions().open().isEmpty());
        assertThat(names(other.transactions().undoable(ROOT))).containsExactly("Add 1");
        assertThat(at(0)).isOne();
    }

    @Test
    void xx12_aPartThatFailsHasAllOfItRolledBack() {
        as("u1/c1", () -> {
            OpenTransaction outer = addOpen(1, PART, 0, 100);
            score.beforeCapture(this::throwingOnce);
            assertThatThrownBy(() -> add(2, OTHER, 0, 100)).isSameAs(hostile);
            assertThatThrownBy(() -> addAnd(2, OTHER, 0, 100, () -> {
                        throw hostile;
                    }))
                    .isSameAs(hostile);
            assertThatThrownBy(outer::commit).isInstanceOf(TransactionRolledBackException.class);
        });
        assertThat(score.look(PART)).containsOnly(0);
        assertThat(score.look(OTHER)).containsOnly(0);
        assertNothingIsLeft();
    }
}
