package dev.objectlock;

import java.util.List;

/**
 * The kept holds that a {@link LockWatcher} sees, at one moment.
 *
 * @param under the object that is watched
 * @param number the number of the last change that it contains; see {@link LockEvent#number}
 * @param holds the kept holds on the object, below it, or covering it from above, in the order of their paths
 * @param afterGap whether changes before it were not told
 */
public record LockSnapshot(LockPath under, long number, List<HoldInfo> holds, boolean afterGap) {

    /** Copies the list. */
    public LockSnapshot {
        holds = List.copyOf(holds);
    }
}
