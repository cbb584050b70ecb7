package dev.objectlock.testkit.model;

import dev.objectlock.ChangedPart;
import dev.objectlock.LockPath;

/**
 * A state that was captured, which tells for whom: whoever captured a position last is the one that was let in there. What
 * becomes of it is protected by the lock of {@link Rows}.
 */
final class Captured {

    enum Status {
        /** Whoever captured it is inside. */
        INSIDE,
        /** It is in the history, and leads from a step to what was before. */
        RECORDED,
        /** It was put back, and whoever captured it is not inside any more. */
        RESTORED,
        /** Nothing was done after it was captured. */
        UNUSED,
        /** It was in the history, and a step was undone or redone with it. */
        SWAPPED,
        /** Somebody else was let in, since whoever captured it had lost the part. */
        LEFT
    }

    /** Of the hold: greater than those of all who were granted it before. */
    final long fence;

    final Attempt attempt;
    final ChangedPart part;
    final int from;
    final long[] values;
    Status status = Status.INSIDE;

    Captured(long fence, Attempt attempt, ChangedPart part, int from, long[] values) {
        this.fence = fence;
        this.attempt = attempt;
        this.part = part;
        this.from = from;
        this.values = values;
    }

    int to() {
        return from + values.length;
    }

    boolean has(LockPath path, int position) {
        return part.path().equals(path) && from <= position && position < to();
    }

    @Override
    public String toString() {
        return part + " by " + attempt;
    }
}
