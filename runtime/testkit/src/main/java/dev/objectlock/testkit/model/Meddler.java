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
import org.jspecify.annotations.Nullable;

/**
 * Whoever comes in between, at the moments at which that hurts most: while a state is captured or put back, and while a step is
 * recorded. Slow threads, and somebody with the override who takes the part away just then.
 */
final class Meddler implements AutoCloseable {

    private static final LockOwner SU = LockOwner.user("su").onClient("su");

    /** How often others get the chance to come in, where it was made for them. */
    private static final int CHANCES = 60;

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

    /** Somebody may come in between. Returns whether the part was taken away just now. */
    boolean meddle(Attempt attempt, ChangedPart part) {
        if (calm) {
            return false;
        }
        int kind = attempt.random.nextInt(12);
        if (kind == 0 && override(attempt, part, false)) {
            awaitSuccessor(attempt, part);
            return true;
        }
        if (kind < 4) {
            dawdle(attempt);
        }
        return false;
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
        HoldInfo hold = there.list(part.path()).stream()
                .filter(one -> one.path().equals(part.path())
                        && Objects.equals(one.extent(), part.extent())
                        && attempt.player.name().equals(one.owner().user()))
                // Whoever was told that it is lost may begin anew before it is given back.
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

    /** Waits a little for whoever comes next. */
    private void awaitSuccessor(Attempt attempt, ChangedPart part) {
        ObjectLocks there = Objects.requireNonNull(locks);
        for (int i = 0; i < CHANCES && !isSucceeded(there.list(part.path()), attempt, part); i++) {
            giveWay();
        }
        dawdle(attempt);
    }

    private static boolean isSucceeded(List<HoldInfo> holds, Attempt attempt, ChangedPart part) {
        return holds.stream()
                .anyMatch(one -> !attempt.player.name().equals(one.owner().user())
                        && new ChangedPart(one.path(), one.extent()).overlaps(part));
    }

    @Override
    public void close() {
        su.shutdownNow();
    }
}
