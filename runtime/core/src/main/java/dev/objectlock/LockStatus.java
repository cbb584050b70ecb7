package dev.objectlock;

import java.util.List;

/**
 * What covers one object, and who waits for it, at the moment it was asked: for monitoring, not for control.
 *
 * @param path the object
 * @param holds the holds on it, and the tree holds above that cover it, nearest first
 * @param waiters who waits for something that overlaps it, first in the line first
 */
public record LockStatus(LockPath path, List<HoldInfo> holds, List<HoldInfo> waiters) {

    /** Copies the lists. */
    public LockStatus {
        holds = List.copyOf(holds);
        waiters = List.copyOf(waiters);
    }

    /**
     * Returns whether nobody holds anything that covers the object.
     *
     * @return true if there is no hold
     */
    public boolean isFree() {
        return holds.isEmpty();
    }
}
