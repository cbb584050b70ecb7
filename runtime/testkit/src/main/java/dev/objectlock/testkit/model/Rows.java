package dev.objectlock.testkit.model;

import dev.objectlock.ChangedPart;
import dev.objectlock.Extent;
import dev.objectlock.LockPath;
import dev.objectlock.UndoParticipant;
import dev.objectlock.testkit.model.Captured.Status;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The objects that transactions change: rows of numbers that know who was let in at each position, and see it if somebody comes
 * in, writes, or puts something back who must not. They believe nobody: neither what is returned nor what is thrown.
 */
final class Rows implements UndoParticipant<Captured> {

    static final int LENGTH = 12;

    static final List<LockPath> PATHS =
            List.of(LockPath.of("r", "a"), LockPath.of("r", "b"), LockPath.of("r"), LockPath.of("s", "a"));

    /** One failure of a participant in so many. */
    private static final int FAULTS = 40;

    /** What happens to the rows and to their history happens in one order. */
    final ReentrantLock order = new ReentrantLock();

    private final Cells cells = new Cells();
    private final Journal journal;
    private final Meddler meddler;
    private final Stacks stacks;

    /** Set when all is over and no more surprises are wanted. */
    volatile boolean calm;

    Rows(Journal journal, Meddler meddler, Stacks stacks) {
        this.journal = journal;
        this.meddler = meddler;
        this.stacks = stacks;
        PATHS.forEach(path -> cells.add(path, LENGTH));
    }

    private boolean fails(Attempt attempt) {
        return !calm && attempt.random.nextInt(FAULTS) == 0;
    }

    @Override
    public Captured capture(LockPath path, @Nullable Extent extent) {
        ChangedPart part = new ChangedPart(path, extent);
        Attempt attempt = Attempt.current();
        if (attempt == null) {
            journal.wrong(part + " is captured for nobody");
            throw new IllegalStateException("for nobody");
        }
        long fence = attempt.player.isPlaying() ? meddler.fence(attempt, part) : Long.MAX_VALUE;
        meddler.meddle(attempt, part, 16);
        order.lock();
        try {
            if (fails(attempt)) {
                giveUpTaking(attempt);
                journal.note(attempt + " fails to capture " + part);
                throw new Fault("capture");
            }
            return isTakenSince(fence, part) ? captureLate(fence, attempt, part) : capture(fence, attempt, part);
        } finally {
            order.unlock();
        }
    }

    private Captured capture(long fence, Attempt attempt, ChangedPart part) {
        int from = from(part.extent());
        Captured captured = new Captured(fence, attempt, part, from, new long[to(part.extent()) - from]);
        for (int i = from; i < captured.to(); i++) {
            Cells.Cell position = cells.at(part.path(), i);
            Captured before = position.by;
            if (before != null && before.status == Status.INSIDE) {
                letInWhileInside(captured, before);
            }
            captured.values[i - from] = position.value;
        }
        for (int i = from; i < captured.to(); i++) {
            cells.at(part.path(), i).by = captured;
        }
        attempt.captured.add(captured);
        journal.note(attempt + " is let in at " + part);
        return captured;
    }

    /** Whether somebody is in there who was granted it later. */
    private boolean isTakenSince(long fence, ChangedPart part) {
        for (int i = from(part.extent()); i < to(part.extent()); i++) {
            Captured by = cells.at(part.path(), i).by;
            if (by != null && by.fence > fence) {
                return true;
            }
        }
        return false;
    }

    /** It has lost the part before it could look at it, and somebody else is in there already: what it sees is of no use. */
    private Captured captureLate(long fence, Attempt attempt, ChangedPart part) {
        int from = from(part.extent());
        Captured captured = new Captured(fence, attempt, part, from, new long[to(part.extent()) - from]);
        captured.status = Status.LEFT;
        attempt.captured.add(captured);
        journal.note(attempt + " comes too late to " + part);
        return captured;
    }

    private void letInWhileInside(Captured captured, Captured before) {
        if (before.attempt == captured.attempt) {
            // A whole object cannot be told from what is new of it.
            if (captured.part.extent() != null || before.part.extent() == null) {
                journal.wrong(captured + " had been captured before, as " + before);
            }
            return;
        }
        if (!before.attempt.mayBeOverridden) {
            journal.wrong(captured.attempt + " is let in at " + captured.part + " while " + before.attempt
                    + " is inside at " + before.part);
        }
        leave(before);
    }

    /** Whoever was inside has lost it: what he did stays, and if no step is below it that is the beginning now. */
    void leave(Captured lost) {
        lost.status = Status.LEFT;
        journal.note(lost.attempt + " has lost " + lost.part);
        for (int i = lost.from; i < lost.to(); i++) {
            Cells.Cell position = cells.at(lost.part.path(), i);
            if (position.by == lost && !stacks.hasBelow(lost.part.path(), i)) {
                position.first = position.value;
            }
        }
    }

    /** What has been captured since it asked for something the last time is of no use. */
    void giveUpTaking(Attempt attempt) {
        List<Captured> useless = attempt.captured.subList(attempt.taking, attempt.captured.size());
        for (Captured one : useless) {
            if (one.status == Status.INSIDE) {
                end(one, Status.UNUSED);
            }
        }
        useless.clear();
    }

    /** Of what it had captured twice, the first time counts again. */
    private void end(Captured captured, Status how) {
        captured.status = how;
        for (int i = captured.from; i < captured.to(); i++) {
            Cells.Cell position = cells.at(captured.part.path(), i);
            Captured first = captured.attempt.insideAt(captured.part.path(), i);
            position.by = position.by == captured && first != null ? first : position.by;
        }
    }

    /** Writes, as whoever is let in; of whoever is not it is not accepted. */
    void write(Attempt attempt, LockPath path, int index) {
        order.lock();
        try {
            Cells.Cell position = cells.at(path, index);
            Captured by = position.by;
            if (by != null && by.attempt == attempt && by.status == Status.INSIDE) {
                position.value = cells.newValue();
            } else if (!attempt.mayBeOverridden) {
                journal.wrong(attempt + " writes at " + path + " " + index + ", where "
                        + (by == null ? "nobody" : by + ", " + by.status + ",") + " was let in last");
            }
        } finally {
            order.unlock();
        }
    }

    @Override
    public void restore(LockPath path, @Nullable Extent extent, Captured state) {
        Attempt attempt = onBehalfOf(state);
        checkHeld(attempt, state.part, "put back");
        meddler.meddle(attempt, state.part, 5);
        order.lock();
        try {
            if (!state.part.equals(new ChangedPart(path, extent))) {
                journal.wrong(state + " is put back at " + path + " " + extent);
            }
            switch (state.status) {
                case INSIDE -> putBack(state);
                case RECORDED -> swap(state);
                default -> journal.wrong(state + ", " + state.status + ", is put back");
            }
        } finally {
            order.unlock();
        }
    }

    /** Before the last word about an attempt is spoken: unless somebody took it away it must still have the part. */
    void checkHeld(Attempt attempt, ChangedPart part, String what) {
        if (attempt.player.isPlaying() && !meddler.isHeld(attempt, part) && !attempt.mayBeOverridden) {
            journal.wrong(part + " is " + what + " for " + attempt + ", which does not hold it");
        }
    }

    /** Whoever has the part for himself now: who captured it, or who undoes or redoes a step. */
    private Attempt onBehalfOf(Captured state) {
        order.lock();
        try {
            Attempt current = Attempt.current();
            return state.status == Status.INSIDE || current == null ? state.attempt : current;
        } finally {
            order.unlock();
        }
    }

    private void putBack(Captured state) {
        if (state.attempt.mustNotTouch) {
            journal.wrong(state + " is put back, although it was known to be lost");
        }
        if (state.attempt.calls.get() > 0) {
            journal.wrong(state + " is put back while a call of it is going on");
        }
        set(state);
        end(state, Status.RESTORED);
        journal.note(state + " is put back");
    }

    private void swap(Captured state) {
        Stacks.Step started = stacks.started(state);
        if (started == null) {
            journal.wrong(state + " is put back from the history, but no undo or redo of it was begun");
            return;
        }
        Captured by = cells.at(state.part.path(), state.from).by;
        if (by == null || !by.attempt.isSwapping(started.step)) {
            journal.wrong(state + " is put back from the history, but " + by + " was let in last");
        } else if (fails(by.attempt)) {
            journal.note(by.attempt + " fails to put back " + state);
            throw new Fault("restore");
        }
        set(state);
        journal.note(state + " is put back from the history");
    }

    private void set(Captured state) {
        for (int i = state.from; i < state.to(); i++) {
            cells.at(state.part.path(), i).value = state.values[i - state.from];
        }
    }

    /** Whether all states have been put back; of what was captured twice, as it was the first time. */
    boolean areAsIn(List<Captured> states) {
        for (int i = 0; i < states.size(); i++) {
            Captured state = states.get(i);
            for (int at = state.from; at < state.to(); at++) {
                int position = at;
                boolean earlier = states.subList(0, i).stream().anyMatch(one -> one.has(state.part.path(), position));
                if (!earlier && cells.at(state.part.path(), at).value != state.values[at - state.from]) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether whoever captured it is still the last who was let in. */
    boolean isLastIn(Captured captured) {
        for (int i = captured.from; i < captured.to(); i++) {
            Captured by = cells.at(captured.part.path(), i).by;
            if (by == null || by.attempt != captured.attempt || by.status != Status.INSIDE) {
                return false;
            }
        }
        return captured.status == Status.INSIDE;
    }

    /** All that is there, as a reader sees it: while others write. */
    Map<LockPath, List<Long>> look() {
        order.lock();
        try {
            return cells.values(cell -> cell.value);
        } finally {
            order.unlock();
        }
    }

    /** What must be there when everything has been undone. */
    Map<LockPath, List<Long>> first() {
        return cells.values(cell -> cell.first);
    }

    static int from(@Nullable Extent extent) {
        return extent == null ? 0 : (int) extent.from();
    }

    static int to(@Nullable Extent extent) {
        return extent == null ? LENGTH : (int) extent.to();
    }
}
