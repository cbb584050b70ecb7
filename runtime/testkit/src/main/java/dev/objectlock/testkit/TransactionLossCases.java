package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.objectlock.ChangedPart;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockEvent;
import dev.objectlock.LockEvent.HistoryChanged.Change;
import dev.objectlock.LockLostException;
import dev.objectlock.LockPath;
import dev.objectlock.Loss;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OpenTransaction;
import dev.objectlock.UndoEntry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * What becomes of transactions and histories when others come in between: another process, the death of the own one, somebody
 * with the override. Who has lost a part never touches it again.
 */
public abstract class TransactionLossCases extends ScoreCases {

    private static final Duration TOO_LONG = Duration.ofSeconds(31);

    /** For the subclasses. */
    protected TransactionLossCases() {}

    @Test
    void anotherProcessClearsTheHistoryWithAnEvent() {
        ObjectLocks other = otherProcessOnTheScore();
        as("u1/c1", () -> {
            add(1, PART, 0, 100);
            add(2, PART, 0, 100);
            add(4, APART, 0, 100);
        });
        addIn(other, 8, OTHER);
        LockEvent.HistoryChanged overtaken = nextHistoryEvent(Change.OVERTAKEN);
        assertThat(overtaken.root()).isEqualTo(ROOT);
        assertThat(names(overtaken.steps())).containsExactlyInAnyOrder("Add 1", "Add 2");
        assertThat(undoNames()).isEmpty();
        as("u1/c1", () -> {
            assertThat(transactions.undo(ROOT)).isEmpty();
            assertThat(at(0)).as("stays as it is").isEqualTo(3);
            assertThat(transactions.undo(APART)).as("another tree").isPresent();
        });
        assertThat(names(other.transactions().undoable(ROOT))).containsExactly("Add 8");
        other.runAs(owner("u1/c1"), () -> assertThat(other.transactions().undo(ROOT))
                .isPresent());
        assertThat(score.look(OTHER)).containsOnly(0);
    }

    @Test
    void anUndoAskedRightAfterTheOtherProcessFindsNothing() {
        ObjectLocks other = otherProcessOnTheScore();
        for (int i = 0; i < 20; i++) {
            as("u1/c1", () -> add(1, PART, 0, 100));
            UndoEntry shown = transactions.undoable(ROOT).get(0);
            addIn(other, 1, PART);
            long before = at(0);
            boolean any = i % 2 == 0;
            as("u1/c1", () -> {
                // The event may not have been told yet.
                if (any) {
                    assertThat(transactions.undo(ROOT)).isEmpty();
                } else {
                    assertThat(transactions.undo(shown)).isFalse();
                }
            });
            assertThat(at(0)).isEqualTo(before);
        }
    }

    @Test
    void theRedoStackIsOvertakenToo() {
        ObjectLocks other = otherProcessOnTheScore();
        as("u1/c1", () -> {
            add(1, PART, 0, 100);
            transactions.undo(ROOT);
        });
        addIn(other, 2, PART);
        as("u1/c1", () -> assertThat(transactions.redo(ROOT)).isEmpty());
        assertThat(at(0)).isEqualTo(2);
    }

    @Test
    void anotherProcessThatOnlyTriesAndFailsOvertakesToo() {
        ObjectLocks other = otherProcessOnTheScore();
        as("u1/c1", () -> add(1, PART, 0, 100));
        assertThatThrownBy(() ->
                        other.runAs(owner("u2/c2"), () -> other.transactions().run(adding(2, OTHER, 0, 1), () -> {
                            throw new IllegalStateException("no");
                        })))
                .hasMessage("no");
        nextHistoryEvent(Change.OVERTAKEN);
        as("u1/c1", () -> {
            add(4, PART, 0, 100);
            assertThat(transactions.undo(ROOT).map(UndoEntry::name)).contains("Add 4");
            assertThat(transactions.undo(ROOT)).isEmpty();
        });
        assertThat(at(0)).isEqualTo(1);
    }

    private void addIn(ObjectLocks process, long by, LockPath part) {
        process.runAs(owner("u2/c2"), () -> process.transactions()
                .run(adding(by, part, 0, 100), () -> score.add(part, 0, 100, by)));
    }

    private LockEvent.HistoryChanged nextHistoryEvent(Change change) {
        while (true) {
            LockEvent.HistoryChanged next = nextEvent(LockEvent.HistoryChanged.class);
            if (next.change() == change) {
                return next;
            }
        }
    }

    @Test
    void aProcessThatDiesWithAnOpenOneRestoresNothing() {
        assumeThatStore(StoreUnderTest.Capability.PROCESS_TIMEOUT);
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks dying = knowing(otherProcess(cable));
        for (boolean fails : new boolean[] {true, false}) {
            IllegalStateException failure = new IllegalStateException("too late");
            Throwable thrown = catchThrowable(
                    () -> dying.runAs(owner("u1/c1"), () -> dying.transactions().run(adding(1, PART, 0, 100), () -> {
                        score.add(PART, 0, 100, 1);
                        cable.pause();
                        store.pass(TOO_LONG);
                        as("u2/c2", () -> add(100, PART, 0, 100));
                        cable.resume();
                        if (fails) {
                            throw failure;
                        }
                    })));
            if (fails) {
                assertThat(thrown).isSameAs(failure);
                thrown = thrown.getSuppressed()[0];
            }
            assertLost(thrown, Loss.Reason.PROCESS_DEAD);
        }
        assertThat(at(0)).as("nobody has restored anything").isEqualTo(202);
        assertThat(dying.transactions().open()).isEmpty();
        assertThat(dying.transactions().undoable(ROOT)).isEmpty();
        assertThat(undoNames())
                .as("what came after the last of the dying process")
                .containsExactly("Add 100");
        as("u2/c2", () -> assertThat(transactions.undo(ROOT)).isPresent());
        assertThat(at(0)).as("what that one found").isEqualTo(102);
    }

    @Test
    void whoeverWasOutOfReachOfTheStoreForTooLongRestoresNothing() {
        assumeThatStore(StoreUnderTest.Capability.PROCESS_TIMEOUT);
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks silent = knowing(otherProcess(cable));
        IllegalStateException failure = new IllegalStateException("too late");
        Throwable thrown = catchThrowable(
                () -> silent.runAs(owner("u1/c1"), () -> silent.transactions().run(adding(1, PART, 0, 100), () -> {
                    score.add(PART, 0, 100, 1);
                    cable.unplug();
                    store.pass(TOO_LONG);
                    as("u2/c2", () -> add(100, PART, 0, 100));
                    throw failure;
                })));
        assertThat(thrown).isSameAs(failure);
        assertThat(thrown.getSuppressed()).hasAtLeastOneElementOfType(LockLostException.class);
        assertThat(at(0)).isEqualTo(101);
        assertThat(silent.transactions().open()).isEmpty();
        cable.plug();
    }

    @Test
    void aStoreThatForgetsAnOpenOneHasNothingRestored() {
        assumeThatStore(StoreUnderTest.Capability.FORGETS);
        as("u1/c1", () -> {
            OpenTransaction open = addOpen(1, PART, 0, 100);
            open.run(() -> {
                store.forgetAll();
                store.pass(Duration.ofSeconds(11));
            });
            ObjectLocks other = otherProcessOnTheScore();
            addIn(other, 100, PART);
            assertThat(open.isOpen()).isFalse();
            assertLost(catchThrowable(open::commit), Loss.Reason.STORE_RESET);
        });
        assertThat(at(0)).isEqualTo(101);
        assertThat(undoNames()).isEmpty();
    }

    @Test
    void anOpenOneThatIsOverriddenChangesNothingAndSaysSo() {
        as("u1/c1", () -> {
            OpenTransaction committed = addOpen(1, PART, 0, 100);
            override(committed);
            assertThat(committed.isOpen()).isFalse();
            as("u2/c2", () -> add(100, PART, 0, 100));
            assertOverridden(catchThrowable(committed::commit));
            OpenTransaction rolledBack = addOpen(1, PART, 0, 100);
            override(rolledBack);
            as("u2/c2", () -> add(100, PART, 0, 100));
            assertOverridden(catchThrowable(rolledBack::rollback));
            OpenTransaction closed = addOpen(1, PART, 0, 100);
            override(closed);
            as("u2/c2", () -> add(100, PART, 0, 100));
            assertOverridden(catchThrowable(() -> closed.run(() -> score.add(PART, 0, 100, 1000))));
            closed.close();
        });
        assertThat(at(0)).isEqualTo(303);
        assertThat(undoNames()).containsExactly("Add 100", "Add 100", "Add 100");
    }

    @Test
    void aBodyThatIsOverriddenRestoresNothingAndItsOwnExceptionIsThrown() {
        assertOverridden(catchThrowable(() -> as("u1/c1", () -> addAnd(1, PART, 0, 100, this::overrideAndAdd))));
        IllegalStateException failure = new IllegalStateException("no");
        Throwable thrown = catchThrowable(() -> as(
                "u1/c1",
                () -> addAnd(1, PART, 0, 100, () -> {
                    overrideAndAdd();
                    throw failure;
                })));
        assertThat(thrown).isSameAs(failure);
        assertOverridden(thrown.getSuppressed()[0]);
        assertThat(at(0)).isEqualTo(202);
        assertThat(undoNames()).containsExactly("Add 100", "Add 100");
    }

    @Test
    void oneThatIsOverriddenInAPartRestoresNoneOfIt() {
        as("u1/c1", () -> {
            OpenTransaction open = addOpen(1, PART, 0, 100);
            open.widen(OTHER, 0, 100);
            open.run(() -> score.add(OTHER, 0, 100, 1));
            String id = locks.list(OTHER).get(0).id();
            as("su/c9", () -> assertThat(locks.forceRelease(ROOT, id, "needed")).isTrue());
            assertOverridden(catchThrowable(open::rollback));
        });
        assertThat(at(0)).isOne();
        assertThat(score.at(OTHER, 0)).isOne();
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void whoeverLeavesLastGivesBackWhatIsLeftOfALostOne() {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        as("u1/c1", () -> {
            OpenTransaction open = addOpen(1, PART, 0, 100);
            open.widen(OTHER, 0, 100);
            Running<Throwable> late = start(
                    "u1/c1",
                    () -> catchThrowable(() -> open.run(() -> {
                        inside.countDown();
                        await(go);
                    })));
            await(inside);
            open.commit();
            override(open);
            as("u2/c2", () -> add(100, PART, 0, 100));
            assertThat(locks.list(OTHER))
                    .as("of which nobody took anything away")
                    .hasSize(1);
            go.countDown();
            assertOverridden(late.result());
            assertThat(locks.roots()).isEmpty();
        });
        assertThat(undoNames()).containsExactly("Add 100");
    }

    @Test
    void oneThatIsOverriddenWhileItIsIdleRestoresNothing() {
        as("u1/c1", () -> {
            OpenTransaction open = addOpen(1, PART, 0, 100);
            override(open);
            store.pass(IDLE);
            await(() -> transactions.open().isEmpty());
            assertThat(at(0)).isOne();
            Throwable thrown = catchThrowable(() -> transactions.run(PART, open.id(), () -> {}));
            assertLost(thrown, Loss.Reason.OVERRIDDEN);
            assertThat(thrown).hasMessageContainingAll("score:1", String.valueOf(open.id()), "lost", "needed", "su");
            assertOverridden(catchThrowable(open::commit));
        });
    }

    @Test
    void whoeverIsGrantedAPartThatIsJustBeingRestoredWaitsForThat() {
        CountDownLatch restoring = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        score.beforeRestore(part -> {
            restoring.countDown();
            await(go);
        });
        Running<Throwable> former = start(
                "u1/c1",
                () -> catchThrowable(() -> addAnd(1, PART, 0, 100, () -> {
                    throw new IllegalStateException("no");
                })));
        await(restoring);
        as("su/c9", () -> {
            String id = locks.list(PART).get(0).id();
            assertThat(locks.forceRelease(ROOT, id, "needed")).isTrue();
        });
        Running<Long> next = start(
                "u2/c2",
                () -> transactions.call(adding(100, PART, 0, 100), () -> {
                    score.add(PART, 0, 100, 100);
                    return at(0);
                }));
        await(() -> locks.list(PART).stream().map(HoldInfo::owner).anyMatch(owner -> "u2".equals(owner.user())));
        assertThat(next.isDone()).isFalse();
        go.countDown();
        assertThat(next.result()).as("it found what had been restored").isEqualTo(100);
        assertThat(former.result()).hasMessage("no");
        assertThat(undoNames()).containsExactly("Add 100");
    }

    @Test
    void allWhoAreGrantedAPartThatIsJustBeingUndoneWaitForThat() {
        CountDownLatch restoring = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        as("u1/c1", () -> add(1, PART, 0, 100));
        score.beforeRestore(part -> {
            score.beforeRestore(null);
            restoring.countDown();
            await(go);
        });
        Running<Throwable> undo = start("u1/c1", () -> catchThrowable(() -> transactions.undo(ROOT)));
        await(restoring);
        as("su/c9", () -> assertThat(
                        locks.forceRelease(ROOT, locks.list(PART).get(0).id(), "needed"))
                .isTrue());
        assertThatThrownBy(() -> as(
                        "u2/c2", () -> transactions.begin(adding(2, PART, 0, 50).waitFor(Duration.ZERO))))
                .as("who does not wait")
                .isInstanceOf(LockBusyException.class);
        Running<Long> next = start("u3/c3", () -> transactions.call(adding(4, PART, 0, 50), () -> at(0)));
        Running<Long> other = start("u4/c4", () -> transactions.call(adding(8, PART, 50, 100), () -> at(50)));
        await(() -> locks.list(PART).size() == 2);
        store.pass(Duration.ofSeconds(1));
        assertThat(next.isDone() || other.isDone()).isFalse();
        go.countDown();
        assertThat(List.of(next.result(), other.result()))
                .as("what was put back")
                .containsExactly(0L, 0L);
        assertOverridden(undo.result());
    }

    @Test
    void whoeverHearsLateThatItWasOverriddenOverwritesNobodyWhoCameAfter() {
        FaultyBackend cable = new FaultyBackend(store.backend());
        ObjectLocks process = knowing(otherProcess(cable));
        cable.holdLossesBack();
        for (boolean inCapture : new boolean[] {true, false}) {
            long before = at(0);
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            Runnable block = () -> {
                inside.countDown();
                await(go);
            };
            score.afterCapture(inCapture ? part -> block.run() : null);
            Running<Throwable> former = start(
                    "u1/c1",
                    () -> catchThrowable(() -> process.runAs(
                            owner("u1/c1"), () -> process.transactions().run(adding(1, PART, 0, 100), () -> {
                                if (!inCapture) {
                                    block.run();
                                }
                                throw new IllegalStateException("the body runs");
                            }))));
            await(inside);
            score.afterCapture(null);
            as("su/c9", () -> assertThat(
                            locks.forceRelease(ROOT, locks.list(PART).get(0).id(), "needed"))
                    .isTrue());
            addIn(process, 100, PART);
            go.countDown();
            Throwable told = former.result();
            assertLost(inCapture ? told : told.getSuppressed()[0], Loss.Reason.OVERRIDDEN);
            assertThat(at(0)).as("what whoever came after has done").isEqualTo(before + 100);
        }
        cable.tellLosses();
        assertThat(names(process.transactions().undoable(ROOT))).containsExactly("Add 100", "Add 100");
    }

    @Test
    void anUndoThatIsOverriddenSaysSoAndItsStepStays() {
        as("u1/c1", () -> {
            add(1, PART, 0, 100);
            score.beforeRestore(part -> {
                score.beforeRestore(null);
                // In what captures and restores nothing is locked, so it is asked for from outside.
                Running<Boolean> su = start(
                        "su/c9",
                        () -> locks.forceRelease(ROOT, locks.list(PART).get(0).id(), "needed"));
                assertThat(su.result()).isTrue();
            });
            assertOverridden(catchThrowable(() -> transactions.undo(ROOT)));
            assertThat(undoNames()).containsExactly("Add 1");
            assertThat(locks.roots()).isEmpty();
            assertThat(transactions.undo(ROOT)).isPresent();
        });
        assertThat(score.look(PART)).containsOnly(0);
    }

    private void overrideAndAdd() {
        override(transactions.current().orElseThrow());
        as("u2/c2", () -> add(100, PART, 0, 100));
    }

    private void override(OpenTransaction open) {
        ChangedPart part = open.info().parts().get(0);
        String id = locks.list(part.path()).stream()
                .filter(hold -> hold.fence() == open.id())
                .findFirst()
                .orElseThrow()
                .id();
        as("su/c9", () -> assertThat(locks.forceRelease(part.path(), id, "needed"))
                .isTrue());
    }

    private static void assertOverridden(Throwable thrown) {
        assertLost(thrown, Loss.Reason.OVERRIDDEN);
        assertThat(thrown).hasMessageContainingAll("Add 1", "score:1/part:");
        LockLostException lost = (LockLostException) thrown;
        assertThat(lost.loss().text()).isEqualTo("needed");
        assertThat(lost.loss().describe()).contains("su");
    }

    private static void assertLost(Throwable thrown, Loss.Reason reason) {
        assertThat(thrown).isInstanceOfSatisfying(LockLostException.class, lost -> assertThat(
                        lost.loss().reason())
                .isEqualTo(reason));
    }
}
