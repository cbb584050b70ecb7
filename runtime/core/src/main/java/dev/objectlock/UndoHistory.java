package dev.objectlock;

import java.util.List;
import java.util.Optional;

/**
 * Where committed steps are kept, root by root: an undo stack and a redo stack, in the order of the commits. Only the engine
 * changes it, and one engine alone: the history of a root lives in one process.
 *
 * <p>Thread-safe. A step that is being undone or redone stays in its place meanwhile, as work on other extents goes on and
 * commits; whoever undoes it has its extents for himself.
 */
public interface UndoHistory {

    /** Which way a step is taken. */
    enum Direction {
        /** Back: from the undo stack to the redo stack. */
        UNDO,
        /** Forward again: from the redo stack to the undo stack. */
        REDO
    }

    /**
     * Keeps histories in memory. Beyond their bounds the oldest steps are forgotten, whatever their root.
     *
     * @param steps the most steps of one root, undo and redo together, at least 1
     * @param bytes the most bytes of all states, as the participants say; a single step that is larger is not kept, and nothing
     *     before it can be undone
     * @return the history, empty
     * @throws LockConfigurationException if a bound is less than it must be
     */
    static UndoHistory inMemory(int steps, long bytes) {
        return ObjectLocksBuilder.historyInMemory(steps, bytes);
    }

    /**
     * Puts a step on the undo stack of its root and clears the redo stack.
     *
     * @param step the step
     */
    void commit(UndoStep step);

    /**
     * Returns the step on top of a stack.
     *
     * @param root the root
     * @param direction which stack
     * @return empty if there is none
     */
    Optional<UndoStep> next(LockPath root, Direction direction);

    /**
     * Begins to undo or redo a step. A step that is being redone is on top of the undo stack from now on: what commits meanwhile
     * comes after it.
     *
     * @param step the step
     * @param direction which way
     * @return false, and nothing has changed, if the step is not on top of its stack
     */
    boolean start(UndoStep step, Direction direction);

    /**
     * A step has been undone or redone. One that was undone is put on the redo stack, unless something was committed since it was
     * {@linkplain #start started}.
     *
     * @param step the step that was started
     * @param direction which way
     * @param back the same entry with the states that lead back
     */
    void finish(UndoStep step, Direction direction, UndoStep back);

    /**
     * A step could not be undone or redone: it is again where it was.
     *
     * @param step the step that was started
     * @param direction which way
     */
    void abandon(UndoStep step, Direction direction);

    /**
     * Lists a stack, for a menu.
     *
     * @param root the root
     * @param direction which stack
     * @return its entries, the next one first
     */
    List<UndoEntry> list(LockPath root, Direction direction);

    /**
     * Forgets steps of a root.
     *
     * @param root the root
     * @param before those with a smaller id
     * @return their entries, undo and redo together
     */
    List<UndoEntry> clear(LockPath root, long before);

    /**
     * Objects have got new paths, and steps follow them; if one cannot, since its path would be too long, the history of the root
     * is forgotten. Called in the order of the moves and under a lock of the store: must neither block nor throw.
     *
     * @param from the former path of the topmost object
     * @param to its path now
     */
    void moved(LockPath from, LockPath to);

    /**
     * Returns the roots that have a history.
     *
     * @return the roots in the order of their names
     */
    List<LockPath> roots();
}
