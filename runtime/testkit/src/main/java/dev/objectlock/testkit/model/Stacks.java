package dev.objectlock.testkit.model;

import dev.objectlock.LockPath;
import dev.objectlock.UndoHistory.Direction;
import dev.objectlock.UndoStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the histories of all roots must be, by the words of their documentation, without a bound. Protected by the lock of {@link
 * Rows}.
 */
final class Stacks {

    private final Map<LockPath, OfRoot> roots = new HashMap<>();

    /** A step; what it leads to changes. */
    static final class Step {
        UndoStep step;

        /** How many commits there had been when it was started; -1 if it is not being undone or redone. */
        private long started = -1;

        private Direction direction = Direction.UNDO;

        Step(UndoStep step) {
            this.step = step;
        }

        boolean has(Captured state) {
            return step.states().stream().anyMatch(one -> one.state() == state);
        }

        boolean changes(LockPath path, int position) {
            return step.states().stream().map(one -> (Captured) one.state()).anyMatch(one -> one.has(path, position));
        }
    }

    private static final class OfRoot {
        final List<Step> undo = new ArrayList<>();
        final List<Step> redo = new ArrayList<>();
        long commits;

        List<Step> of(Direction direction) {
            return direction == Direction.UNDO ? undo : redo;
        }
    }

    private OfRoot of(LockPath root) {
        return roots.computeIfAbsent(root, name -> new OfRoot());
    }

    private static @Nullable Step last(List<Step> steps) {
        return steps.isEmpty() ? null : steps.get(steps.size() - 1);
    }

    void commit(UndoStep step) {
        OfRoot there = of(step.entry().root());
        there.undo.add(new Step(step));
        there.redo.clear();
        there.commits++;
    }

    /** Whether the step may be undone, or redone; if so, it is begun. */
    boolean start(UndoStep step, Direction direction) {
        OfRoot there = of(step.entry().root());
        Step top = last(there.of(direction));
        if (top == null || !isSame(top.step, step) || top.started >= 0) {
            return false;
        }
        top.started = there.commits;
        top.direction = direction;
        if (direction == Direction.REDO) {
            there.redo.remove(top);
            there.undo.add(top);
        }
        return true;
    }

    /** With other states to swap in it is another step. */
    static boolean isSame(UndoStep one, UndoStep other) {
        return one.entry().id() == other.entry().id() && states(one).equals(states(other));
    }

    private static List<Object> states(UndoStep step) {
        return step.states().stream().map(UndoStep.State::state).toList();
    }

    void finish(UndoStep step, UndoStep back) {
        OfRoot there = of(step.entry().root());
        Step done = ofId(there, step.entry().id());
        if (done != null) {
            done.step = back;
            if (done.direction == Direction.UNDO) {
                moveToRedo(there, done);
            }
            done.started = -1;
        }
    }

    void abandon(UndoStep step) {
        OfRoot there = of(step.entry().root());
        Step left = ofId(there, step.entry().id());
        if (left != null) {
            if (left.direction == Direction.REDO) {
                moveToRedo(there, left);
            }
            left.started = -1;
        }
    }

    /** What was committed since may rely on it being done as it is: then it cannot be redone any more. */
    private static void moveToRedo(OfRoot there, Step step) {
        there.undo.remove(step);
        if (step.started == there.commits) {
            there.redo.add(step);
        }
    }

    private static @Nullable Step ofId(OfRoot there, long id) {
        return there.undo.stream()
                .filter(one -> one.step.entry().id() == id)
                .findFirst()
                .orElse(null);
    }

    /** The ids on a stack, the next one first. */
    List<Long> ids(LockPath root, Direction direction) {
        List<Long> ids = new ArrayList<>();
        for (Step one : of(root).of(direction)) {
            ids.add(0, one.step.entry().id());
        }
        return ids;
    }

    /** The step with a state that is being undone or redone. */
    @Nullable
    Step started(Captured state) {
        return of(state.part.path().root()).undo.stream()
                .filter(one -> one.started >= 0 && one.has(state))
                .findFirst()
                .orElse(null);
    }

    /** Whether a position will be put back by a step that is to be undone. One that is being redone is not there yet. */
    boolean hasBelow(LockPath path, int position) {
        return of(path.root()).undo.stream()
                .anyMatch(one -> !(one.started >= 0 && one.direction == Direction.REDO) && one.changes(path, position));
    }
}
