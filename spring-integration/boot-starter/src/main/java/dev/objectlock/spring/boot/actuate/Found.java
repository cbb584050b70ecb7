package dev.objectlock.spring.boot.actuate;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockStatus;
import java.util.List;

/** What the endpoint answers to a reader. */
sealed interface Found {

    /**
     * All trees.
     *
     * @param roots the roots under which something is held or waited for, as paths
     */
    record Trees(List<String> roots) implements Found {}

    /**
     * One object, with all below it.
     *
     * @param path the object
     * @param free whether nothing covers it
     * @param holds what covers it: the holds on it, and tree holds above
     * @param waiters who waits, first in the line first
     * @param below the first holds on it and below it, in the order of their paths
     * @param holdsBelow how many there are in all
     */
    record Tree(
            String path,
            boolean free,
            List<HoldView> holds,
            List<HoldView> waiters,
            List<HoldView> below,
            int holdsBelow)
            implements Found {

        static Tree of(LockStatus status, List<HoldInfo> under, int most) {
            return new Tree(
                    status.path().toString(),
                    status.isFree(),
                    status.holds().stream().map(HoldView::of).toList(),
                    status.waiters().stream().map(HoldView::of).toList(),
                    under.stream().limit(most).map(HoldView::of).toList(),
                    under.size());
        }
    }
}
