package dev.objectlock.spring.boot.actuate;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockPath;
import dev.objectlock.LockStatus;
import dev.objectlock.LockTransactions;
import dev.objectlock.ObjectLocks;
import java.util.List;

/** What the endpoint answers to a reader. */
sealed interface Found {

    /**
     * All trees.
     *
     * @param roots the roots under which something is held or waited for, as paths
     * @param transactions the open transactions of this process
     * @param histories the roots under which this process can undo something, as paths
     */
    record Trees(List<String> roots, List<TransactionView> transactions, List<String> histories) implements Found {

        static Trees of(ObjectLocks locks) {
            return new Trees(
                    locks.roots().stream().map(LockPath::toString).toList(),
                    locks.transactions().open().stream()
                            .map(TransactionView::of)
                            .toList(),
                    locks.transactions().histories().stream()
                            .map(LockPath::toString)
                            .toList());
        }
    }

    /**
     * One object, with all below it.
     *
     * @param path the object
     * @param free whether nothing covers it
     * @param holds what covers it: the holds on it, and tree holds above
     * @param waiters who waits, first in the line first
     * @param below the first holds on it and below it, in the order of their paths
     * @param holdsBelow how many there are in all
     * @param transactions the open transactions of this process under its root
     * @param undo what can be undone under its root, the last change first
     * @param redo what can be redone under its root, what was undone last first
     */
    record Tree(
            String path,
            boolean free,
            List<HoldView> holds,
            List<HoldView> waiters,
            List<HoldView> below,
            int holdsBelow,
            List<TransactionView> transactions,
            List<TransactionView> undo,
            List<TransactionView> redo)
            implements Found {

        static Tree of(ObjectLocks locks, LockPath path, int most) {
            LockStatus status = locks.status(path);
            List<HoldInfo> under = locks.list(path);
            LockTransactions transactions = locks.transactions();
            return new Tree(
                    status.path().toString(),
                    status.isFree(),
                    status.holds().stream().map(HoldView::of).toList(),
                    status.waiters().stream().map(HoldView::of).toList(),
                    under.stream().limit(most).map(HoldView::of).toList(),
                    under.size(),
                    transactions.open().stream()
                            .filter(open -> open.root().equals(path.root()))
                            .map(TransactionView::of)
                            .toList(),
                    transactions.undoable(path).stream()
                            .map(TransactionView::of)
                            .toList(),
                    transactions.redoable(path).stream()
                            .map(TransactionView::of)
                            .toList());
        }
    }
}
