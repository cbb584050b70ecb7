package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.ChangedPart;
import dev.objectlock.Extent;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.OpenTransaction;
import dev.objectlock.UndoEntry;
import dev.objectlock.annotation.LockPropagation;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Objects that get another path while they are changed, and afterwards: what is captured and restored is where it is now. */
public abstract class MovedTransactionCases extends ScoreCases {

    private static final LockPath THERE = ROOT.child("folder").child("part:c");
    private static final LockPath FURTHER = ROOT.child("part:d");

    /** For the subclasses. */
    protected MovedTransactionCases() {}

    @BeforeEach
    void mayMove() {
        transactions.participant("score:{score}/{folder}/part:{part}", score);
        as("u1/c1", () -> locks.acquire(LockRequest.user(PART).keep()));
    }

    @AfterEach
    void needsToMoveNoMore() {
        as("u1/c1", () -> List.of(PART, THERE, FURTHER).forEach(locks::release));
    }

    private void move(LockPath from, LockPath to) {
        locks.move(from, to);
        score.move(from, to);
    }

    @Test
    void whatIsRolledBackAfterAMoveIsRestoredAtTheNewPath() {
        as("u1/c1", () -> {
            try (OpenTransaction open = addOpen(1, PART, 0, 100)) {
                move(PART, THERE);
                assertThat(open.info().parts()).containsExactly(new ChangedPart(THERE, new Extent(0, 100)));
                open.run(() -> score.add(THERE, 0, 100, 1));
            }
            assertThat(score.look(THERE)).containsOnly(0);
            OpenTransaction stalled = addOpen(1, THERE, 0, 100);
            move(THERE, FURTHER);
            store.pass(IDLE);
            await(() -> score.at(FURTHER, 0) == 0);
            await(() -> transactions.open().isEmpty());
            stalled.close();
        });
        assertThat(undoNames()).isEmpty();
    }

    @Test
    void whatIsMovedWhileItIsOpenIsUndoneAtTheNewPath() {
        as("u1/c1", () -> {
            try (OpenTransaction open = addOpen(1, PART, 0, 100)) {
                move(PART, THERE);
                open.commit();
            }
            assertThat(transactions.undoable(ROOT))
                    .flatExtracting(UndoEntry::parts)
                    .containsExactly(new ChangedPart(THERE, new Extent(0, 100)));
            assertThat(transactions.undo(ROOT)).isPresent();
            assertThat(score.look(THERE)).containsOnly(0);
            assertThat(transactions.redo(ROOT)).isPresent();
            assertThat(score.at(THERE, 0)).isOne();
        });
    }

    @Test
    void whatIsMovedAfterwardsIsUndoneAndRedoneAtTheNewPath() {
        as("u1/c1", () -> {
            add(1, PART, 0, 100);
            add(2, PART, 50, 150);
            assertThat(transactions.undo(ROOT)).isPresent();
            UndoEntry shown = transactions.undoable(ROOT).get(0);
            move(PART, THERE);
            assertThat(transactions.undo(shown)).as("the same step").isTrue();
            assertThat(score.look(THERE)).containsOnly(0);
            move(THERE, FURTHER);
            assertThat(transactions.redo(ROOT)).isPresent();
            assertThat(transactions.redo(ROOT)).isPresent();
            assertThat(List.of(score.at(FURTHER, 0), score.at(FURTHER, 60), score.at(FURTHER, 149)))
                    .containsExactly(1L, 3L, 2L);
        });
    }

    @Test
    void whatIsMovedWhileItIsUndoneIsThereAfterwards() {
        as("u1/c1", () -> {
            add(1, PART, 0, 100);
            score.beforeRestore(part -> {
                score.beforeRestore(null);
                Running<Boolean> mover = start("u1/c1", () -> {
                    locks.move(PART, THERE);
                    return true;
                });
                assertThat(mover.result()).isTrue();
            });
            assertThat(transactions.undo(ROOT)).isPresent();
            assertThat(score.look(PART)).as("moved later than its path").containsOnly(0);
            score.move(PART, THERE);
            assertThat(transactions.redo(ROOT)).isPresent();
            assertThat(score.at(THERE, 0)).isOne();
        });
    }

    @Test
    void whoeverWaitsForWhatIsMovedCapturesAndRestoresItThere() {
        CountDownLatch waiting = new CountDownLatch(1);
        Running<Long> waiter;
        try (OpenTransaction open = callAs("u1/c1", () -> addOpen(1, PART, 0, 100))) {
            waiter = start("u1/c2", () -> {
                waiting.countDown();
                try (OpenTransaction next = transactions.begin(adding(2, PART, 50, 150))) {
                    next.run(() -> score.add(THERE, 50, 150, 2));
                    next.commit();
                    return next.id();
                }
            });
            await(waiting);
            awaitWaiters("score:1/part:a", 1);
            as("u1/c1", () -> move(PART, THERE));
            open.commit();
        }
        assertThat(waiter.result()).isPositive();
        assertThat(undoNames()).containsExactly("Add 2", "Add 1");
        assertThat(transactions.undoable(ROOT))
                .flatExtracting(UndoEntry::parts)
                .containsExactly(
                        new ChangedPart(THERE, new Extent(50, 150)), new ChangedPart(THERE, new Extent(0, 100)));
        as("u1/c1", () -> {
            assertThat(transactions.undo(ROOT)).isPresent();
            assertThat(score.at(THERE, 60)).isOne();
            assertThat(score.at(THERE, 149)).isZero();
        });
    }

    @Test
    void anUndoThatWaitsForWhatIsMovedUndoesItThere() {
        as("u1/c1", () -> add(1, PART, 0, 100));
        Running<Boolean> undo;
        try (OpenTransaction open = callAs("u1/c1", () -> addOpen(2, PART, 50, 150))) {
            undo = start("u1/c2", () -> transactions.undo(ROOT).isPresent());
            awaitWaiters("score:1/part:a", 1);
            as("u1/c1", () -> move(PART, THERE));
            open.rollback();
        }
        assertThat(undo.result()).isTrue();
        assertThat(score.look(THERE)).containsOnly(0);
    }

    @Test
    void whatAFlowHasOpenItKnowsAtItsNewPath() {
        as("u1/c1", () -> {
            try (OpenTransaction open = addOpen(1, PART, 0, 100)) {
                move(PART, THERE);
                open.widen(THERE, 50, 150);
                assertThat(open.info().parts())
                        .extracting(ChangedPart::extent)
                        .containsExactly(new Extent(0, 100), new Extent(100, 150));
                assertThatThrownBy(() ->
                                transactions.begin(adding(2, THERE, 99, 200).propagation(LockPropagation.REQUIRES_NEW)))
                        .isInstanceOf(LockConfigurationException.class)
                        .hasMessageContainingAll("Add 2", "[99, 200)");
                open.commit();
            }
        });
    }
}
