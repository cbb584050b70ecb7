package dev.objectlock.testkit.model;

import dev.objectlock.LockEvent.HistoryChanged;
import dev.objectlock.LockPath;
import dev.objectlock.LockTransactions;
import dev.objectlock.ObjectLocks;
import dev.objectlock.UndoHistory.Direction;
import dev.objectlock.testkit.model.WatchedHistory.Changed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What must be true when all players have finished, and nobody comes in between any more. */
final class End {

    /** How long something may take that should happen at once, on a slow machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ObjectLocks locks;
    private final Rows rows;
    private final Journal journal;

    End(ObjectLocks locks, Rows rows, Journal journal) {
        this.locks = locks;
        this.rows = rows;
        this.journal = journal;
    }

    private static boolean becomes(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            LockSupport.parkNanos(20_000);
        }
        return true;
    }

    /** Nobody is inside anywhere; what was taken away stays as it was left. */
    void nothingIsLeft(List<Attempt> attempts) {
        LockTransactions transactions = locks.transactions();
        // What was lost for being idle may still be on its way.
        if (!becomes(() -> transactions.open().isEmpty())) {
            journal.wrong("left open: " + transactions.open());
        }
        if (!becomes(() -> locks.roots().isEmpty())) {
            locks.roots()
                    .forEach(root -> journal.wrong("left under " + root + ": " + locks.list(root) + ", "
                            + locks.status(root).waiters()));
        }
        rows.order.lock();
        try {
            attempts.forEach(new Judge(journal, rows)::last);
        } finally {
            rows.order.unlock();
        }
    }

    /** Listeners are told the changes of each position in their order. */
    void listenersHeard(List<Changed> changes, Queue<HistoryChanged> told) {
        becomes(() -> told.size() >= changes.size());
        List<Changed> heard = told.stream()
                .map(event -> new Changed(event.change(), event.steps().get(0)))
                .toList();
        for (LockPath path : Rows.PATHS) {
            for (int i = 0; i < Rows.LENGTH; i++) {
                List<String> happened = about(changes, path, i);
                List<String> known = about(heard, path, i);
                if (!happened.equals(known)) {
                    journal.wrong("of " + path + " " + i + " listeners hear " + known + ", but it went " + happened);
                    return;
                }
            }
        }
    }

    private static List<String> about(List<Changed> changes, LockPath path, int position) {
        return changes.stream()
                .filter(one -> one.entry().parts().stream()
                        .anyMatch(part -> part.path().equals(path)
                                && Rows.from(part.extent()) <= position
                                && position < Rows.to(part.extent())))
                .map(one -> one.change() + " " + one.entry().id())
                .toList();
    }

    /** Back to the first state, forward again, and back once more. */
    void allCanBeUndone(Player last) {
        Map<LockPath, List<Long>> before = rows.look();
        List<LockPath> roots = List.of(LockPath.of("r"), LockPath.of("s"));
        int[] undone = new int[roots.size()];
        for (int i = 0; i < undone.length; i++) {
            undone[i] = all(last, roots.get(i), Direction.UNDO, Integer.MAX_VALUE);
        }
        same("everything has been undone", rows.first(), rows.look());
        for (int i = 0; i < undone.length; i++) {
            all(last, roots.get(i), Direction.REDO, undone[i]);
        }
        same("what was undone has been redone", before, rows.look());
        for (int i = 0; i < undone.length; i++) {
            all(last, roots.get(i), Direction.UNDO, undone[i]);
        }
        same("everything has been undone again", rows.first(), rows.look());
        if (!locks.roots().isEmpty() || !locks.transactions().open().isEmpty()) {
            journal.wrong("something is left of undoing everything");
        }
    }

    private int all(Player last, LockPath root, Direction direction, int most) {
        LockTransactions transactions = locks.transactions();
        int done = 0;
        boolean more = true;
        while (more && done < most) {
            more = new Attempt(last, done, root, true, 0, Instant.EPOCH)
                    .capturing(() -> direction == Direction.UNDO ? transactions.undo(root) : transactions.redo(root))
                    .isPresent();
            done += more ? 1 : 0;
        }
        return done;
    }

    private void same(String when, Map<LockPath, List<Long>> expected, Map<LockPath, List<Long>> seen) {
        if (!expected.equals(seen)) {
            journal.wrong(when + ": there should be " + expected + ", and is " + seen);
        }
    }
}
