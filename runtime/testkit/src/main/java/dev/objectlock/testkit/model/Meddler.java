package dev.objectlock.testkit.model;

import dev.objectlock.ChangedPart;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockOwner;
import dev.objectlock.ObjectLocks;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whoever comes in between, at the moments at which that hurts most: while a state is captured or put back, and while a step is
 * recorded. Slow threads, and somebody with the override who takes the part away just then.
 */
final class Meddler implements AutoCloseable {

    private static final LockOwner SU = LockOwner.user("su").onClient("su");

    /** How often others get the chance to come in, where it was made for them. */
    private static final int CHANCES = 100;

    private final Journal journal;
    private final ExecutorService su = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "su");
        thread.setDaemon(true);
        return thread;
    });

    private volatile @Nullable ObjectLocks locks;
    private volatile boolean calm;

    Meddler(Journal journal) {
        this.journal = journal;
    }

    /** From now on there is something to meddle with. */
    void begin(ObjectLocks with) {
        locks = with;
    }

    /** Nobody comes in between any more. */
    void calm() {
        calm = true;
    }

    /**
     * Somebody may come in between.
     *
     * @param rarely in one of how many cases the part is taken away
     */
    void meddle(Attempt attempt, ChangedPart part, int rarely) {
        int kind = calm ? Integer.MAX_VALUE : attempt.random.nextInt(2 * rarely);
        if (kind < 2 && override(attempt, part, false)) {
            awaitSuccessors(attempt, part);
        } else if (kind < rarely) {
            dawdle(attempt);
        }
    }

    /** Whether the store knows that a part is held for it. */
    boolean isHeld(Attempt attempt, ChangedPart part) {
        return holds(attempt, part).findAny().isPresent();
    }

    /** The fence of the hold with which a part is being captured; 0 if that is gone. */
    long fence(Attempt attempt, ChangedPart part) {
        return holds(attempt, part).mapToLong(HoldInfo::fence).max().orElse(0);
    }

    private Stream<HoldInfo> holds(Attempt attempt, ChangedPart part) {
        return Objects.requireNonNull(locks).list(part.path()).stream()
                .filter(one -> one.path().equals(part.path())
                        && Objects.equals(one.extent(), part.extent())
                        && attempt.player.name().equals(one.owner().user()));
    }

    /** Others may be faster. */
    void dawdle(Attempt attempt) {
        if (!calm) {
            for (int i = attempt.random.nextInt(CHANCES); i > 0; i--) {
                giveWay();
            }
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // Nothing relies on it: that others are faster now and then is enough.
    private static void giveWay() {
        Thread.yield();
    }

    /**
     * Takes a part away.
     *
     * @param first whether only if it is of what the attempt began with, and so certainly its own
     * @return whether it was there
     */
    boolean override(Attempt attempt, ChangedPart part, boolean first) {
        try {
            return su.submit(() -> overrideNow(attempt, part, first)).get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException failed) {
            journal.wrong("the override of " + part + " by " + attempt + " failed", failed);
            return false;
        }
    }

    private boolean overrideNow(Attempt attempt, ChangedPart part, boolean first) {
        ObjectLocks there = Objects.requireNonNull(locks);
        // Whoever was told that it is lost may begin anew before it is given back.
        HoldInfo hold = holds(attempt, part)
                .min(Comparator.comparingLong(HoldInfo::fence))
                .orElse(null);
        if (hold == null || first && hold.fence() != attempt.id) {
            return false;
        }
        attempt.mayBeOverridden = true;
        journal.note("su takes " + part + " away from " + attempt);
        boolean taken = there.callAs(SU, () -> there.forceRelease(part.path(), hold.id(), "needed"));
        attempt.overridden |= taken;
        return taken;
    }

    /** Waits a little for whoever comes next, and for another one after that. */
    private void awaitSuccessors(Attempt attempt, ChangedPart part) {
        ObjectLocks there = Objects.requireNonNull(locks);
        for (int i = 0; i < CHANCES && successors(there.list(part.path()), attempt, part) < 2; i++) {
            giveWay();
        }
        dawdle(attempt);
    }

    private static long successors(List<HoldInfo> holds, Attempt attempt, ChangedPart part) {
        return holds.stream()
                .filter(one -> !attempt.player.name().equals(one.owner().user())
                        && new ChangedPart(one.path(), one.extent()).overlaps(part))
                .count();
    }

    @Override
    public void close() {
        su.shutdownNow();
    }
}
