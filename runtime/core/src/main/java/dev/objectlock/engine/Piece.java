package dev.objectlock.engine;

import dev.objectlock.ChangedPart;
import dev.objectlock.LockPath;
import dev.objectlock.UndoStep.State;

/**
 * A part that a transaction has for itself, and its state from before.
 *
 * @param hold the hold
 * @param claim the index of its claim
 * @param captured the state, and where it was captured
 */
record Piece(ScopedHold hold, int claim, State captured) {

    /** The part, where the object is now. */
    ChangedPart part() {
        return captured.part().at(path());
    }

    private LockPath path() {
        return hold.claims().get(claim).path();
    }

    /** The state as it is to be put back: where the object is now. */
    State state() {
        return captured.at(path());
    }
}
