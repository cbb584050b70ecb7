package dev.objectlock.testkit.model;

import dev.objectlock.ChangedPart;
import dev.objectlock.LockEvent.HistoryChanged.Change;
import dev.objectlock.LockPath;
import dev.objectlock.UndoEntry;
import dev.objectlock.UndoHistory;
import dev.objectlock.UndoStep;
import dev.objectlock.testkit.model.Captured.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The embedded history, compared with what it must be after each step, and asked whether who records is still inside. Before
 * and after that others may come in between.
 */
final class WatchedHistory implements UndoHistory {

    /** So often somebody else may be first. */
    private static final int MOST_REFUSED = 20_000;

    private final UndoHistory real = UndoHistory.inMemory(1_000_000, Long.MAX_VALUE / 2);
    private final Rows rows;
    private final Stacks stacks;
    private final Journal journal;
    private final Meddler meddler;

    /** All changes, in their order; with the lock of the rows. */
    private final List<Changed> changes = new ArrayList<>();

    /** A change of a history, as listeners are told it. */
    record Changed(Change change, UndoEntry entry) {}

    WatchedHistory(Rows rows, Stacks stacks, Journal journal, Meddler meddler) {
        this.rows = rows;
        this.stacks = stacks;
        this.journal = journal;
        this.meddler = meddler;
    }

    private <T> T inOrder(LockPath root, Supplier<T> work) {
        rows.order.lock();
        try {
            T result = work.get();
            for (Direction direction : Direction.values()) {
                List<Long> ids = ids(root, direction);
                List<Long> expected = stacks.ids(root, direction);
                if (!ids.equals(expected)) {
                    journal.wrong(
                            "the " + direction + " stack of " + root + " is " + ids + " and should be " + expected);
                }
            }
            return result;
        } finally {
            rows.order.unlock();
        }
    }

    private List<Long> ids(LockPath root, Direction direction) {
        return real.list(root, direction).stream().map(UndoEntry::id).toList();
    }

    private static List<Captured> captured(UndoStep step) {
        return step.states().stream().map(one -> (Captured) one.state()).toList();
    }

    private static List<ChangedPart> parts(List<Captured> captured) {
        return captured.stream().map(one -> one.part).toList();
    }

    /** Somebody comes in between while the last word about an attempt is being spoken. */
    private void meddle(UndoStep step) {
        Captured first = captured(step).get(0);
        rows.checkHeld(first.attempt, first.part, "recorded");
        meddler.meddle(first.attempt, first.part, 8);
    }

    @Override
    public void commit(UndoStep step) {
        meddle(step);
        inOrder(step.entry().root(), () -> {
            record(step);
            real.commit(step);
            stacks.commit(step);
            changes.add(new Changed(Change.COMMITTED, step.entry()));
            return true;
        });
        meddler.dawdle(captured(step).get(0).attempt);
    }

    /** It must be all of what one attempt captured, and that must still be inside. */
    private void record(UndoStep step) {
        List<Captured> all = captured(step);
        Attempt attempt = all.get(0).attempt;
        journal.note(attempt + " is recorded as " + step.entry().id() + ", "
                + step.entry().name());
        if (!List.copyOf(all).equals(attempt.inside())) {
            journal.wrong(attempt + " is recorded with " + all + ", but is inside at " + attempt.inside());
        }
        if (attempt.mustNotTouch || attempt.failedInside) {
            journal.wrong(attempt + " is recorded, although "
                    + (attempt.mustNotTouch ? "it was known to be lost" : "a part of it failed"));
        }
        for (Captured one : all) {
            if (!rows.isLastIn(one)) {
                journal.wrong(one + " is recorded behind whoever was let in there afterwards");
            }
        }
        all.forEach(one -> one.status = Status.RECORDED);
        attempt.recorded = true;
    }

    @Override
    public Optional<UndoStep> next(LockPath root, Direction direction) {
        return real.next(root, direction);
    }

    @Override
    public boolean start(UndoStep step, Direction direction) {
        Attempt attempt = Attempt.current();
        if (attempt == null) {
            journal.wrong(step.entry() + " is undone or redone for nobody");
            return false;
        }
        return inOrder(step.entry().root(), () -> start(attempt, step, direction));
    }

    private boolean start(Attempt attempt, UndoStep step, Direction direction) {
        boolean started = real.start(step, direction);
        if (started != stacks.start(step, direction)) {
            journal.wrong(attempt + " may " + (started ? "" : "not ") + direction + " " + step.entry());
        }
        if (!started) {
            rows.giveUpTaking(attempt);
            giveUpIfHopeless(attempt, step);
            return false;
        }
        attempt.step = step;
        List<ChangedPart> taken = parts(attempt.captured.subList(attempt.taking, attempt.captured.size()));
        if (!taken.equals(parts(captured(step)))) {
            journal.wrong(attempt + " does " + direction + " " + step.entry() + ", and has taken " + taken);
        }
        journal.note(attempt + " does " + direction + " " + step.entry().id() + ", "
                + step.entry().name());
        return true;
    }

    /** Somebody else was first, so that there is another step on top, or will be soon. */
    private void giveUpIfHopeless(Attempt attempt, UndoStep step) {
        if (++attempt.refused > MOST_REFUSED) {
            journal.wrong(attempt + " tries in vain, again and again, to begin with " + step.entry());
            throw new IllegalStateException("in vain");
        }
    }

    @Override
    public void finish(UndoStep step, Direction direction, UndoStep back) {
        meddle(back);
        inOrder(step.entry().root(), () -> {
            if (!rows.areAsIn(captured(step))) {
                journal.wrong(direction + " of " + step.entry() + " is done, but not all was put back");
            }
            captured(step).forEach(one -> one.status = Status.SWAPPED);
            record(back);
            real.finish(step, direction, back);
            stacks.finish(step, back);
            changes.add(new Changed(direction == Direction.UNDO ? Change.UNDONE : Change.REDONE, step.entry()));
            return true;
        });
        meddler.dawdle(captured(back).get(0).attempt);
    }

    @Override
    public void abandon(UndoStep step, Direction direction) {
        inOrder(step.entry().root(), () -> {
            journal.note(direction + " of " + step.entry().id() + " is abandoned");
            real.abandon(step, direction);
            stacks.abandon(step);
            return true;
        });
    }

    @Override
    public List<UndoEntry> list(LockPath root, Direction direction) {
        return real.list(root, direction);
    }

    @Override
    public List<UndoEntry> clear(LockPath root, long before) {
        List<UndoEntry> gone = real.clear(root, before);
        if (!gone.isEmpty()) {
            journal.wrong("there is one process alone, and yet " + gone + " are taken for overtaken");
        }
        return gone;
    }

    @Override
    public void moved(LockPath from, LockPath to) {
        journal.wrong(from + " is moved to " + to + ", which nobody did");
    }

    @Override
    public List<LockPath> roots() {
        return real.roots();
    }

    /** All changes so far, in their order. */
    List<Changed> changes() {
        rows.order.lock();
        try {
            return List.copyOf(changes);
        } finally {
            rows.order.unlock();
        }
    }
}
