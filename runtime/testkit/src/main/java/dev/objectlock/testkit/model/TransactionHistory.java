package dev.objectlock.testkit.model;

import dev.objectlock.LockEvent.HistoryChanged;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockTransactions;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Privilege;
import dev.objectlock.UndoHistory.Direction;
import dev.objectlock.testkit.StoreUnderTest;
import dev.objectlock.testkit.model.WatchedHistory.Changed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Some players at once on a store that is empty, and what must be true when they have finished. */
final class TransactionHistory implements AutoCloseable {

    private static final LockOwner READER = LockOwner.user("reader").onClient("reader");

    /** How long something may take that should happen at once, on a slow machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Random random;
    private final StoreUnderTest store;
    private final Journal journal = new Journal();
    private final Stacks stacks = new Stacks();
    private final Meddler meddler = new Meddler(journal);
    private final Rows rows = new Rows(journal, meddler, stacks);
    private final WatchedHistory history = new WatchedHistory(rows, stacks, journal, meddler);
    private final Judge judge = new Judge(journal, rows);
    private final List<Attempt> attempts = new CopyOnWriteArrayList<>();
    private final Queue<HistoryChanged> told = new ConcurrentLinkedQueue<>();
    private final ReentrantLock passing = new ReentrantLock();
    private final ObjectLocks locks;

    /** The players, and others who do something for them. */
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "player");
        thread.setDaemon(true);
        return thread;
    });

    TransactionHistory(long seed, StoreUnderTest store) {
        this.random = new Random(seed);
        this.store = store;
        this.locks = ObjectLocks.builder()
                .backend(store.backend())
                .authorizer(owner -> EnumSet.allOf(Privilege.class))
                .history(history)
                .listener(event -> {
                    if (event instanceof HistoryChanged changed) {
                        told.add(changed);
                    }
                })
                .build();
        Rows.PATHS.forEach(path -> locks.transactions().participant(path.toString(), rows));
        meddler.begin(locks);
    }

    Journal journal() {
        return journal;
    }

    Rows rows() {
        return rows;
    }

    ObjectLocks locks() {
        return locks;
    }

    Instant now() {
        return store.backend().time().now();
    }

    /** Time passes for all; one after the other, so that the process itself never misses its beat. */
    void pass(Duration some) {
        passing.lock();
        try {
            store.pass(some);
        } finally {
            passing.unlock();
        }
    }

    void add(Attempt attempt) {
        attempts.add(attempt);
    }

    /** Takes something away from somebody who is in the middle of something. */
    void overrideSomebody(Random chosenBy) {
        List<Attempt> open = attempts.stream()
                .filter(one -> one.calls.get() > 0 || one.id != 0)
                .toList();
        if (!open.isEmpty()) {
            Attempt victim = open.get(open.size() - 1 - chosenBy.nextInt(Math.min(4, open.size())));
            List<Captured> inside;
            rows.order.lock();
            try {
                inside = victim.inside();
            } finally {
                rows.order.unlock();
            }
            if (!inside.isEmpty()) {
                meddler.override(victim, inside.get(0).part, true);
            }
        }
    }

    /** Somebody reads, while whoever calls this may be in the middle of a change; it would never end if that waited. */
    void readElsewhere(String who) {
        Map<LockPath, List<Long>> seen = await(
                threads.submit(
                        () -> locks.callAs(READER, () -> locks.transactions().read(rows::look))),
                "a reader that " + who + " waits for");
        if (seen != null && seen.size() != Rows.PATHS.size()) {
            journal.wrong("a reader sees " + seen);
        }
    }

    /** Does something for a player on another thread, and throws what that throws. */
    void elsewhere(Player player, Attempt attempt, Runnable work) {
        RuntimeException failed = await(
                threads.submit(() -> {
                    try {
                        locks.runAs(player.owner(), work::run);
                        return null;
                    } catch (RuntimeException thrown) {
                        return thrown;
                    }
                }),
                "a call of " + attempt + " on another thread");
        if (failed != null) {
            throw failed;
        }
    }

    private <T> @Nullable T await(Future<T> future, String what) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException stuck) {
            journal.wrong(what + " does not end");
        } catch (InterruptedException | ExecutionException failed) {
            journal.wrong(what + " failed", failed.getCause() == null ? failed : failed.getCause());
        }
        return null;
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

    /** Plays it to the end. Returns what was wrong; null if nothing was. */
    @Nullable
    String failure() {
        List<Player> players = new ArrayList<>();
        for (int i = 2 + random.nextInt(3); i > 0; i--) {
            players.add(new Player("p" + i, this, random.nextLong()));
        }
        int operations = 4 + random.nextInt(10);
        List<Future<?>> playing = new ArrayList<>();
        for (Player player : players) {
            playing.add(threads.submit(() -> player.play(operations)));
        }
        playing.forEach(one -> await(one, "a player"));
        if (!journal.isBroken()) {
            meddler.calm();
            rows.calm = true;
            checkThatNothingIsLeft();
        }
        if (!journal.isBroken()) {
            checkWhatWasTold();
            checkThatAllCanBeUndone();
        }
        return journal.isBroken() ? journal.toString() : null;
    }

    private void checkThatNothingIsLeft() {
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
            attempts.forEach(judge::last);
        } finally {
            rows.order.unlock();
        }
    }

    /** Listeners are told the changes of each position in their order. */
    private void checkWhatWasTold() {
        List<Changed> changes = history.changes();
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
    private void checkThatAllCanBeUndone() {
        Map<LockPath, List<Long>> before = rows.look();
        List<LockPath> roots = List.of(LockPath.of("r"), LockPath.of("s"));
        int[] undone = new int[roots.size()];
        for (int i = 0; i < undone.length; i++) {
            undone[i] = all(roots.get(i), Direction.UNDO, Integer.MAX_VALUE);
        }
        same("everything has been undone", rows.first(), rows.look());
        for (int i = 0; i < undone.length; i++) {
            all(roots.get(i), Direction.REDO, undone[i]);
        }
        same("what was undone has been redone", before, rows.look());
        for (int i = 0; i < undone.length; i++) {
            all(roots.get(i), Direction.UNDO, undone[i]);
        }
        same("everything has been undone again", rows.first(), rows.look());
        if (!locks.roots().isEmpty() || !locks.transactions().open().isEmpty()) {
            journal.wrong("something is left of undoing everything");
        }
    }

    private int all(LockPath root, Direction direction, int most) {
        LockTransactions transactions = locks.transactions();
        Player last = new Player("last", this, 0);
        int done = 0;
        boolean more = true;
        while (more && done < most) {
            more = new Attempt(last, done, root, true, 0, now())
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

    @Override
    public void close() {
        threads.shutdownNow();
        meddler.close();
        locks.close();
        store.close();
    }
}
