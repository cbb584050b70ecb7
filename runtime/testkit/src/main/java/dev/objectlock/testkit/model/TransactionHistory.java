package dev.objectlock.testkit.model;

import dev.objectlock.LockEvent.HistoryChanged;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Privilege;
import dev.objectlock.testkit.StoreUnderTest;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Some players at once on a store that is empty, and what must be true when they have finished. */
final class TransactionHistory implements AutoCloseable {

    private static final LockOwner READER = LockOwner.user("reader").onClient("reader");

    /** How long something may take that should happen at once, on a slow machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Random random;
    private final StoreUnderTest store;
    private final SlowWire wire;
    private final Journal journal = new Journal();
    private final Stacks stacks = new Stacks();
    private final Meddler meddler = new Meddler(journal);
    private final Rows rows = new Rows(journal, meddler, stacks);
    private final WatchedHistory history = new WatchedHistory(rows, stacks, journal, meddler);
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
        // What comes first of neighbouring seeds is nearly the same.
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.wire = new SlowWire(store.backend(), random.nextLong());
        this.store = store;
        this.locks = ObjectLocks.builder()
                .backend(wire)
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

    boolean tellsLossesLate() {
        return wire.tellsLate();
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
    void overrideSomebody(Dice dice) {
        List<Attempt> open = attempts.stream()
                .filter(one -> one.calls.get() > 0 || one.id != 0)
                .toList();
        if (!open.isEmpty()) {
            Attempt victim = open.get(open.size() - 1 - dice.below(Math.min(4, open.size())));
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
        RuntimeException failed = await(begunElsewhere(player, attempt, work), "a call of " + attempt + " elsewhere");
        if (failed != null) {
            throw failed;
        }
    }

    /** Begins something for a player on another thread. */
    Future<@Nullable RuntimeException> begunElsewhere(Player player, Attempt attempt, Runnable work) {
        return threads.submit(() -> {
            try {
                attempt.capturing(() -> {
                    locks.runAs(player.owner(), work::run);
                    return true;
                });
                return null;
            } catch (RuntimeException thrown) {
                return thrown;
            }
        });
    }

    <T> @Nullable T await(Future<T> future, String what) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException stuck) {
            journal.wrong(what + " does not end");
        } catch (InterruptedException | ExecutionException failed) {
            journal.wrong(what + " failed", failed.getCause() == null ? failed : failed.getCause());
        }
        return null;
    }

    void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                journal.wrong("one thread waits for another in vain");
            }
        } catch (InterruptedException interrupted) {
            journal.wrong("interrupted", interrupted);
        }
    }

    /** Plays it to the end. Returns what was wrong; null if nothing was. */
    @Nullable
    String failure() {
        List<Player> players = new ArrayList<>();
        for (int i = 2 + random.nextInt(4); i > 0; i--) {
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
            checkTheEnd();
        }
        return journal.isBroken() ? journal.toString() : null;
    }

    private void checkTheEnd() {
        End end = new End(locks, rows, journal);
        end.nothingIsLeft(attempts);
        if (!journal.isBroken()) {
            end.listenersHeard(history.changes(), told);
            await(threads.submit(() -> end.allCanBeUndone(new Player("last", this, 0))), "undoing everything");
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
