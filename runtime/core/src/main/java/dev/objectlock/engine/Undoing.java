package dev.objectlock.engine;

import dev.objectlock.LockBackendException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockEvent.HistoryChanged.Change;
import dev.objectlock.LockPath;
import dev.objectlock.SurroundingTransactions.Running;
import dev.objectlock.TransactionRolledBackException;
import dev.objectlock.UndoEntry;
import dev.objectlock.UndoHistory;
import dev.objectlock.UndoHistory.Direction;
import dev.objectlock.UndoStep;
import dev.objectlock.annotation.LockMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Swaps the states of a step: a transaction that puts them back, and records what was there instead. If it fails, what was there
 * is restored and the step stays where it was.
 */
final class Undoing {

    private static final Logger LOG = LoggerFactory.getLogger(Undoing.class);

    /** Somebody else may have begun with a step a moment before losing its parts; more often than this is no coincidence. */
    private static final int MOST_IN_VAIN = 100;

    private final Engine engine;
    private final UndoHistory history;
    private final Beginning beginning;

    Undoing(Engine engine, UndoHistory history, Beginning beginning) {
        this.engine = engine;
        this.history = history;
        this.beginning = beginning;
    }

    /** Undoes or redoes the step on top, or only the one that is meant; empty if there is none. */
    Optional<UndoEntry> swap(LockPath root, Direction direction, @Nullable UndoEntry only) {
        Binding binding = Binding.current();
        if (binding.isUnlocked() || binding.isReading()) {
            throw new LockConfigurationException(
                    "the " + word(direction) + " of a change under " + root
                            + " needs its parts for itself: it cannot be asked for in a reader, in a participant, or without locks");
        }
        long deadline = Taking.deadline(engine.time().nanoTime(), Waiting.of(null, LockMode.MONITOR, false));
        UndoStep before = null;
        int inVain = 0;
        while (true) {
            UndoStep step = history.next(root, direction).orElse(null);
            if (step == null || only != null && only.id() != step.entry().id()) {
                return Optional.empty();
            }
            Running database = engine.runningDatabaseTransaction();
            Swap swap = new Swap(step, direction);
            Transaction swapping = begin(binding, swap, deadline);
            boolean started;
            try {
                started = swap.start();
            } catch (Throwable failed) {
                swapping.giveBack();
                throw failed;
            }
            if (started) {
                swap(swapping, swap, database);
                return Optional.of(step.entry());
            }
            // Somebody else was first, and nothing has been changed yet.
            swapping.giveBack();
            inVain = isSame(step, before) ? inVain + 1 : 0;
            before = step;
            if (inVain == MOST_IN_VAIN) {
                throw new LockConfigurationException(
                        "the history " + history + " has \"" + step.entry().name() + "\" on top under " + root
                                + ", and yet does not let its " + word(direction) + " begin");
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // As a history sees it: what leads to another state is another step.
    private static boolean isSame(UndoStep step, @Nullable UndoStep before) {
        return step == before;
    }

    private static String word(Direction direction) {
        return direction == Direction.UNDO ? "undo" : "redo";
    }

    private Transaction begin(Binding binding, Swap swap, long deadline) {
        Duration left = Duration.ofNanos(Math.max(0, deadline - engine.time().nanoTime()));
        Waiting waiting = new Waiting(Waiting.of(null, LockMode.MONITOR, false).patience(), left);
        Transaction begun = beginning.begin(binding.in(engine), swap.name(), swap.step, swap, waiting);
        if (begun == null) {
            throw new LockBackendException(
                    swap.name() + " under " + swap.step.entry().root()
                            + " is refused: the store cannot be reached, and without a lock others may be changing it",
                    true,
                    null);
        }
        return begun;
    }

    /** The states of a step take the place of what was captured. */
    private final class Swap implements Recorder {

        private final UndoStep step;
        private final Direction direction;
        private volatile boolean started;

        Swap(UndoStep step, Direction direction) {
            this.step = step;
            this.direction = direction;
        }

        String name() {
            return (direction == Direction.UNDO ? "Undo " : "Redo ")
                    + step.entry().name();
        }

        /** What a participant throws says nothing of what it was asked for. */
        RuntimeException notDone() {
            return new TransactionRolledBackException(
                    "\"" + name() + "\" on " + step.entry().parts()
                            + " was not possible; what was there is restored, and the step stays where it was. If it can never be"
                            + " done, transactions().forget(" + step.entry().root() + ") clears the history");
        }

        boolean start() {
            started = history.start(step, direction);
            return started;
        }

        @Override
        public UndoEntry record(UndoStep captured) {
            history.finish(step, direction, new UndoStep(step.entry(), captured.states()));
            return step.entry();
        }

        @Override
        public void dropped() {
            if (started) {
                history.abandon(step, direction);
            }
        }

        @Override
        public Change change() {
            return direction == Direction.UNDO ? Change.UNDONE : Change.REDONE;
        }

        /** Others have no part in what another has done, or undone. */
        @Override
        public boolean admitsOthers() {
            return false;
        }
    }

    private static void swap(Transaction swapping, Swap swap, @Nullable Running database) {
        try {
            swapping.touch(() -> restore(swapping, swap));
            swapping.check();
        } catch (Throwable failed) {
            Pieces.add(failed, swap.notDone());
            swapping.rollback(true, failed);
            throw failed;
        }
        if (database == null) {
            swapping.commit(true);
            return;
        }
        swapping.lastsUntil(database);
        database.whenOver(committed -> over(swapping, committed));
    }

    /** What was captured last is put back first; when it is redone, the other way round. */
    private static void restore(Transaction swapping, Swap swap) {
        List<UndoStep.State> states = swap.step.states();
        for (int i = 0; i < states.size(); i++) {
            int at = swap.direction == Direction.UNDO ? states.size() - 1 - i : i;
            LockPath now = swapping.pieces().all().get(at).part().path();
            if (swapping.pieces().loss() != null) {
                return;
            }
            Binding.current().undisturbed(() -> {
                states.get(at).at(now).restore();
                return true;
            });
        }
    }

    private static void over(Transaction swapping, boolean committed) {
        try {
            if (committed) {
                swapping.commit(true);
            } else {
                swapping.rollback(true, new DatabaseRolledBack());
            }
        } catch (RuntimeException failed) {
            LOG.error("the database transaction around {} was committed", swapping, failed);
        }
    }
}
