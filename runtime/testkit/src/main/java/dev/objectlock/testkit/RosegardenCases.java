package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockLostException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.Loss;
import dev.objectlock.MonitorLockedException;
import dev.objectlock.ObjectLockedException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OpenTransaction;
import dev.objectlock.OwnerContext;
import dev.objectlock.Released;
import dev.objectlock.TransactionRequest;
import dev.objectlock.TransactionRolledBackException;
import dev.objectlock.UndoEntry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Transactions, undo and readers, as Rosegarden has them, in code. */
public abstract class RosegardenCases extends ScoreCases {

    private static final LockPath NOTE = PART.child("note:5");

    /** For the subclasses. */
    protected RosegardenCases() {}

    @Test
    void rg01_extentsThatDoNotOverlapAreChangedAtTheSameTime() {
        CountDownLatch inside = new CountDownLatch(2);
        Running<Boolean> body = start("u1/c1", () -> {
            addAnd(1, PART, 0, 100, () -> {
                inside.countDown();
                await(inside);
            });
            return true;
        });
        as("u2/c2", () -> {
            try (OpenTransaction open = addOpen(2, PART, 100, 200)) {
                inside.countDown();
                // Each is inside while the other is.
                await(inside);
                open.commit();
            }
        });
        assertThat(body.result()).isTrue();
        assertThat(List.of(at(0), at(99), at(100), at(199))).containsExactly(1L, 1L, 2L, 2L);
        assertThat(undoNames()).containsExactlyInAnyOrder("Add 1", "Add 2");
    }

    @Test
    void rg01_whoeverOverlapsWaitsForBoth() {
        CountDownLatch go = new CountDownLatch(1);
        Running<Boolean> first = start("u1/c1", () -> {
            addAnd(1, PART, 0, 100, () -> await(go));
            return true;
        });
        await(() -> at(99) == 1);
        as("u2/c2", () -> {
            OpenTransaction second = addOpen(2, PART, 100, 200);
            Running<Boolean> third = start("u3/c3", () -> {
                addAnd(4, PART, 50, 150, () -> assertThat(go.getCount()).isZero());
                return true;
            });
            awaitWaiters("score:1/part:a", 1);
            second.commit();
            assertThat(third.isDone()).isFalse();
            go.countDown();
            assertThat(third.result()).isTrue();
        });
        assertThat(first.result()).isTrue();
        assertThat(List.of(at(49), at(50), at(149), at(150))).containsExactly(1L, 5L, 6L, 2L);
        assertThat(undoNames()).startsWith("Add 4").hasSize(3);
    }

    @Test
    void rg01_itExcludesAnotherFlowOfItsClientAndNeedsNoUser() {
        TransactionRequest atOnce = adding(2, PART, 99, 200).waitFor(Duration.ZERO);
        as(
                "u1/c1",
                () -> addAnd(1, PART, 0, 100, () -> {
                    Running<Boolean> other = start("u1/c1", () -> {
                        assertThatThrownBy(() -> transactions.begin(atOnce)).isInstanceOf(MonitorLockedException.class);
                        return true;
                    });
                    assertThat(other.result()).isTrue();
                }));
        transactions.run(atOnce, () -> score.add(PART, 99, 200, 2));
        assertThat(undoNames()).containsExactly("Add 2", "Add 1");
    }

    @Test
    void rg01_itObeysTheRuleOfConflict() {
        Hold kept = callAs("u1/c1", () -> locks.acquire(LockRequest.user(PART).keep()));
        assertThatThrownBy(() -> as("u2/c2", () -> add(1, PART, 0, 100)))
                .isInstanceOf(ObjectLockedException.class)
                .hasMessageContainingAll("u1", "score:1/part:a");
        as("u1/c3", () -> add(2, PART, 0, 100));
        kept.close();
        as("u1/c1", () -> {
            try (OpenTransaction open = addOpen(4, PART, 0, 100)) {
                assertThat(callAs("u2/c2", () -> locks.tryAcquire(LockRequest.user(ROOT)))
                                .isGranted())
                        .isFalse();
                open.commit();
            }
        });
        assertThat(at(0)).isEqualTo(6);
    }

    @Test
    void rg02_whatThrowsLeavesThePartAsItWasAndNoEntry() {
        as("u1/c1", () -> {
            add(7, PART, 0, 200);
            long[] before = score.look(PART);
            for (Throwable thrown : List.of(new IllegalStateException("no"), new AssertionError("no"))) {
                assertThatThrownBy(() -> addAnd(1, PART, 20, 30, () -> RosegardenCases.<RuntimeException>sneak(thrown)))
                        .isSameAs(thrown)
                        .hasNoSuppressedExceptions();
                assertThat(score.look(PART)).isEqualTo(before);
            }
            try (OpenTransaction unfinished = addOpen(1, PART, 20, 30)) {
                assertThat(at(20)).isEqualTo(8);
                assertThat(unfinished.isOpen()).isTrue();
            }
            addOpen(1, PART, 20, 30).rollback();
            assertThat(score.look(PART)).isEqualTo(before);
            assertThat(undoNames()).containsExactly("Add 7");
        });
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <X extends Throwable> void sneak(Throwable thrown) throws X {
        throw (X) thrown;
    }

    @Test
    void rg02_aPartThatFailsHasAllOfItRolledBack() {
        as("u1/c1", () -> {
            assertThatThrownBy(() ->
                            addAnd(1, PART, 0, 100, () -> assertThatThrownBy(() -> addAnd(2, OTHER, 0, 100, () -> {
                                        throw new IllegalStateException("broken");
                                    }))
                                    .hasMessage("broken")))
                    .isInstanceOf(TransactionRolledBackException.class)
                    .hasMessageContainingAll("Add 1", "broken");
            OpenTransaction outer = addOpen(1, PART, 0, 100);
            addOpen(2, OTHER, 0, 100).close();
            assertThatThrownBy(outer::commit)
                    .isInstanceOf(TransactionRolledBackException.class)
                    .hasMessageContainingAll("Add 1", "without a commit");
        });
        assertThat(score.look(PART)).containsOnly(0);
        assertThat(score.look(OTHER)).containsOnly(0);
        assertThat(undoNames()).isEmpty();
    }

    @Test
    void rg03_statesComeBackInReverseOrderUnderTheirNamesAndForwardAgain() {
        as("u1/c1", () -> {
            add(1, PART, 0, 100);
            add(10, PART, 50, 150);
            try (OpenTransaction third = addOpen(100, PART, 0, 60)) {
                third.widen(OTHER, 0, 10);
                third.run(() -> score.add(OTHER, 0, 10, 100));
                third.commit();
            }
            long[] all = score.look(PART);
            assertThat(transactions.undo(OTHER).map(UndoEntry::name)).contains("Add 100");
            assertThat(List.of(at(0), at(55), at(149))).containsExactly(1L, 11L, 10L);
            assertThat(score.look(OTHER)).containsOnly(0);
            assertThat(transactions.undo(ROOT).map(UndoEntry::name)).contains("Add 10");
            assertThat(List.of(at(0), at(55), at(149))).containsExactly(1L, 1L, 0L);
            assertThat(transactions.undo(ROOT).map(UndoEntry::name)).contains("Add 1");
            assertThat(score.look(PART)).containsOnly(0);
            assertThat(transactions.undo(ROOT)).isEmpty();
            assertThat(redoNames()).containsExactly("Add 1", "Add 10", "Add 100");

            assertThat(transactions.redo(ROOT).map(UndoEntry::name)).contains("Add 1");
            assertThat(transactions.redo(ROOT).map(UndoEntry::name)).contains("Add 10");
            assertThat(undoNames()).containsExactly("Add 10", "Add 1");
            assertThat(transactions.redo(ROOT).map(UndoEntry::name)).contains("Add 100");
            assertThat(score.look(PART)).isEqualTo(all);
            assertThat(transactions.undo(ROOT)).isPresent();
            add(5, PART, 0, 1);
            assertThat(redoNames()).isEmpty();
            assertThat(transactions.redo(ROOT)).isEmpty();
            assertThat(undoNames()).containsExactly("Add 5", "Add 10", "Add 1");
        });
    }

    @Test
    void rg03_eachRootHasAHistoryOfItsOwn() {
        as("u1/c1", () -> {
            add(1, PART, 0, 100);
            add(2, APART, 0, 100);
            assertThat(transactions.histories()).containsExactly(ROOT, APART.root());
            assertThat(transactions.undo(ROOT).map(UndoEntry::name)).contains("Add 1");
            assertThat(score.at(APART, 0)).isEqualTo(2);
            assertThat(transactions.forget(APART)).isOne();
            assertThat(transactions.undo(APART)).isEmpty();
        });
    }

    @Test
    void rg03_whatAMenuShowedIsUndoneOrNothing() {
        as("u1/c1", () -> add(1, PART, 0, 100));
        UndoEntry shown = transactions.undoable(ROOT).get(0);
        as("u2/c2", () -> add(2, OTHER, 0, 100));
        as("u1/c1", () -> {
            assertThat(transactions.undo(shown)).isFalse();
            assertThat(at(0)).isOne();
            assertThat(transactions.undo(ROOT)).isPresent();
            assertThat(transactions.undo(shown)).isTrue();
            assertThat(transactions.undo(shown)).isFalse();
            assertThat(transactions.redo(shown)).isTrue();
        });
        assertThat(at(0)).isOne();
        assertThat(shown.owner().user()).isEqualTo("u1");
    }

    @Test
    void rg03_fiftyStepsOfARootAreKept() {
        as("u1/c1", () -> {
            for (int i = 1; i <= 55; i++) {
                add(i, PART, 0, 1);
            }
            assertThat(transactions.undoable(ROOT)).hasSize(50);
            while (transactions.undo(ROOT).isPresent()) {
                assertThat(at(0)).isNotNegative();
            }
            assertThat(at(0)).as("what the five oldest did").isEqualTo(1 + 2 + 3 + 4 + 5);
        });
    }

    @Test
    void rg04_aReaderWaitsForNobodyAndKeepsNobodyOff() {
        as(
                "u1/c1",
                () -> addAnd(1, PART, 0, 200, () -> {
                    Running<Long> reader = start("u2/c2", () -> transactions.read(() -> at(0)));
                    assertThat(reader.result()).as("it sees what is there").isOne();
                }));
        as(
                "u2/c2",
                () -> transactions.read(() -> {
                    Running<Boolean> writer = start("u1/c1", () -> {
                        add(1, PART, 0, 200);
                        return true;
                    });
                    assertThat(writer.result()).isTrue();
                    assertThat(locks.roots()).isEmpty();
                    return at(0);
                }));
        assertThat(at(0)).isEqualTo(2);
    }

    @Test
    void rg04_aReaderIsNotForChangesAndNotInThem() {
        as("u1/c1", () -> {
            assertThatThrownBy(() -> transactions.read(() -> addOpen(1, PART, 0, 1)))
                    .isInstanceOf(LockConfigurationException.class)
                    .hasMessageContainingAll("Add 1", "reader");
            assertThatThrownBy(() -> addAnd(1, PART, 0, 1, () -> transactions.read(() -> at(0))))
                    .isInstanceOf(LockConfigurationException.class)
                    .hasMessageContainingAll("Add 1", "reader");
            assertThatThrownBy(() -> transactions.read(() -> transactions.undo(ROOT)))
                    .isInstanceOf(LockConfigurationException.class);
        });
        assertThat(at(0)).isZero();
    }

    @Test
    void rg04_readElementHoldsAChangeOffForFiveSecondsHoweverMuchItIsUsed() {
        Hold reading = callAs("u1/c1", () -> transactions.readElement(NOTE));
        Running<Boolean> change = start("u2/c2", () -> {
            transactions.changeElement(NOTE, () -> assertThat(reading.isHeld()).isFalse());
            return true;
        });
        awaitWaiters("score:1/part:a/note:5", 1);
        for (int second = 0; second < 4; second++) {
            store.pass(Duration.ofSeconds(1));
            reading.ensure(Duration.ofMillis(900));
        }
        assertThat(change.isDone()).isFalse();
        store.pass(Duration.ofSeconds(1));
        assertThat(change.result()).isTrue();
        assertThat(reading.release()).isEqualTo(Released.LOST);
    }

    @Test
    void rg04_anElementIsAnObjectOfItsOwn() {
        as(
                "u1/c1",
                () -> addAnd(1, PART, 0, 200, () -> {
                    try (Hold reading = callAs("u2/c2", () -> transactions.readElement(NOTE))) {
                        callAs("u3/c3", () -> transactions.readElement(NOTE)).close();
                        assertThat(reading.isHeld()).isTrue();
                    }
                    as("u2/c2", () -> transactions.changeElement(NOTE, () -> add(2, OTHER, 0, 1)));
                }));
        assertThat(undoNames()).as("the one that ended first below").containsExactly("Add 1", "Add 2");
    }

    @Test
    void rg05_oneThatIsIdleIsRestoredBeforeItIsGivenBack() {
        as("u1/c1", () -> {
            add(7, PART, 0, 100);
            OpenTransaction stalled = addOpen(1, PART, 0, 100);
            Running<Long> next = start("u2/c2", () -> transactions.call(adding(100, PART, 0, 100), () -> at(0)));
            awaitWaiters("score:1/part:a", 1);
            store.pass(IDLE.minusMillis(1));
            assertThat(next.isDone()).isFalse();
            store.pass(Duration.ofMillis(1));
            assertThat(next.result()).as("what whoever comes next finds").isEqualTo(7);
            assertThat(stalled.isOpen()).isFalse();
            assertThatThrownBy(stalled::commit)
                    .isInstanceOfSatisfying(
                            LockLostException.class,
                            lost -> assertThat(lost.loss().reason()).isEqualTo(Loss.Reason.IDLE))
                    .hasMessageContainingAll("Add 1", "restored");
            stalled.close();
            assertThat(at(0)).isEqualTo(7);
            assertThat(undoNames()).containsExactly("Add 100", "Add 7");
        });
    }

    @Test
    void rg05_whoeverStallsIsToldByTheNextCallToo() {
        as("u1/c1", () -> {
            OpenTransaction stalled = addOpen(1, PART, 0, 100);
            store.pass(IDLE);
            await(() -> at(0) == 0);
            assertThatThrownBy(() -> stalled.run(() -> score.add(PART, 0, 100, 1)))
                    .isInstanceOf(LockLostException.class);
            assertThatThrownBy(() -> add(1, OTHER, 0, 1)).as("part of it").isInstanceOf(LockLostException.class);
            assertThatThrownBy(stalled::rollback).isInstanceOf(LockLostException.class);
            add(2, PART, 0, 100);
        });
        assertThat(undoNames()).containsExactly("Add 2");
    }

    @Test
    void rg05_callsInItKeepItOpenAndOneThatTakesLongIsNotIdle() {
        as("u1/c1", () -> {
            try (OpenTransaction open = addOpen(1, PART, 0, 100)) {
                for (int i = 0; i < 5; i++) {
                    store.pass(IDLE.minusSeconds(1));
                    open.run(() -> {});
                }
                open.run(() -> store.pass(IDLE.multipliedBy(2)));
                store.pass(IDLE.minusSeconds(1));
                open.commit();
            }
            addAnd(2, PART, 0, 100, () -> store.pass(IDLE.multipliedBy(2)));
        });
        assertThat(undoNames()).containsExactly("Add 2", "Add 1");
    }

    @Test
    void rg06_idsOnlyGrow() {
        ObjectLocks other = otherProcessOnTheScore();
        long last = 0;
        for (int i = 0; i < 10; i++) {
            ObjectLocks process = i % 2 == 0 ? locks : other;
            long before = last;
            last = process.callAs(owner("u1/c1"), () -> {
                try (OpenTransaction open = process.transactions().begin(adding(1, PART, 0, 1))) {
                    assertThat(open.id()).isGreaterThan(before);
                    return open.id();
                }
            });
            assertThat(locks.roots()).isEmpty();
        }
    }

    @Test
    void rg06_aPastIdIsRefused() {
        as("u1/c1", () -> {
            OpenTransaction past = addOpen(1, PART, 0, 100);
            past.commit();
            assertThatThrownBy(() -> transactions.run(ROOT, past.id(), () -> {}))
                    .isInstanceOf(LockNotHeldException.class)
                    .hasMessageContainingAll(String.valueOf(past.id()), "begin a new one");
            assertThatThrownBy(() -> past.run(() -> {})).isInstanceOf(LockNotHeldException.class);
            OpenTransaction stalled = addOpen(1, PART, 0, 100);
            store.pass(IDLE);
            await(() -> transactions.open().isEmpty());
            assertThatThrownBy(() -> transactions.run(ROOT, stalled.id(), () -> {}))
                    .isInstanceOf(LockLostException.class);
            stalled.close();
        });
    }

    @Test
    void rg06_anOpenOneGoesOnFromAnotherThreadOfItsClientInItsFlow() {
        as("u1/c1", () -> {
            OpenTransaction open = addOpen(1, PART, 0, 100);
            Running<Boolean> elsewhere = start(
                    "u1/c1",
                    () -> transactions.call(ROOT, open.id(), () -> {
                        add(2, PART, 50, 150);
                        return transactions.open().size() == 1;
                    }));
            assertThat(elsewhere.result()).isTrue();
            for (String stranger : List.of("u1/c2", "u2/c1")) {
                assertThatThrownBy(() -> as(stranger, () -> transactions.find(ROOT, open.id())))
                        .isInstanceOf(LockNotHeldException.class);
            }
            open.commit();
            assertThat(undoNames()).containsExactly("Add 1");
            assertThat(List.of(at(0), at(60), at(149))).containsExactly(1L, 3L, 2L);
            assertThat(transactions.undo(ROOT)).isPresent();
            assertThat(score.look(PART)).containsOnly(0);
        });
    }

    @Test
    void rg07_workInTheProcessNeverWaitsAndMakesNoEntry() {
        as(
                "u1/c1",
                () -> addAnd(1, PART, 0, 200, () -> {
                    Running<Boolean> inside = start(
                            "u2/c2",
                            () -> OwnerContext.withoutLocks("building", () -> {
                                add(2, PART, 0, 200);
                                try (OpenTransaction open = addOpen(4, PART, 0, 200)) {
                                    assertThat(open.id()).isZero();
                                    open.widen(OTHER);
                                    open.commit();
                                }
                                return true;
                            }));
                    assertThat(inside.result()).isTrue();
                    assertThat(locks.list(ROOT)).hasSize(1);
                }));
        assertThat(at(0)).isEqualTo(7);
        assertThat(undoNames()).containsExactly("Add 1");
    }
}
