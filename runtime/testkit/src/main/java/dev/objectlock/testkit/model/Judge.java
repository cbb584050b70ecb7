package dev.objectlock.testkit.model;

import dev.objectlock.ChangedPart;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockDeadlockException;
import dev.objectlock.LockLostException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.Loss;
import dev.objectlock.TransactionRequest;
import dev.objectlock.TransactionRolledBackException;
import dev.objectlock.annotation.LockPropagation;
import dev.objectlock.testkit.model.Captured.Status;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows what may come of what a player does, and of what he is told. */
final class Judge {

    static final Duration IDLE = Duration.ofSeconds(10);

    private final Journal journal;
    private final Rows rows;

    Judge(Journal journal, Rows rows) {
        this.journal = journal;
        this.rows = rows;
    }

    /** Something is about to be captured for it. */
    void asks(Attempt attempt) {
        rows.order.lock();
        try {
            attempt.taking = attempt.captured.size();
        } finally {
            rows.order.unlock();
        }
    }

    private void wrong(Attempt attempt, @Nullable Throwable thrown) {
        if (thrown == null) {
            journal.wrong(attempt + " should have failed");
        } else {
            journal.wrong(attempt + " failed in a way in which it must not", thrown);
        }
    }

    private static boolean isRefused(Throwable thrown) {
        return thrown instanceof LockBusyException || thrown instanceof LockDeadlockException;
    }

    /**
     * It was not begun, or nothing was added to it.
     *
     * @param joins whether it would have been part of what is open
     * @param open what the player has open, of which it must be apart
     */
    void notBegun(
            TransactionRequest request,
            Attempt attempt,
            boolean joins,
            List<Attempt> open,
            @Nullable Throwable thrown) {
        boolean expected = thrown != null && isRefused(thrown)
                || thrown instanceof Fault
                || thrown instanceof LockConfigurationException && overlaps(request, attempt, open)
                || thrown instanceof LockNotHeldException
                        && !joins
                        && request.propagation() == LockPropagation.MANDATORY
                || joins && thrown instanceof TransactionRolledBackException && attempt.failedInside
                || isLoss(attempt, thrown);
        if (!expected) {
            wrong(attempt, thrown);
        }
        if (!joins) {
            outside(attempt);
        }
    }

    private boolean overlaps(TransactionRequest request, Attempt attempt, List<Attempt> open) {
        rows.order.lock();
        try {
            return open.stream()
                    .filter(other -> other != attempt)
                    .flatMap(other -> other.captured.stream())
                    .map(captured -> captured.part)
                    .anyMatch(part -> overlaps(part, request.parts()));
        } finally {
            rows.order.unlock();
        }
    }

    private static boolean overlaps(ChangedPart part, List<ChangedPart> parts) {
        return parts.stream().anyMatch(part::overlaps);
    }

    /** A call of it that was refused, or a part of it that could not be committed. */
    void refused(Attempt attempt, Throwable thrown) {
        if (!isLoss(attempt, thrown) && !(thrown instanceof TransactionRolledBackException && attempt.failedInside)) {
            wrong(attempt, thrown);
        }
    }

    private boolean isLoss(Attempt attempt, @Nullable Throwable thrown) {
        if (!(thrown instanceof LockLostException lost)) {
            return false;
        }
        if (lost.loss().reason() != Loss.Reason.IDLE) {
            return attempt.mayBeOverridden && lost.loss().reason() == Loss.Reason.OVERRIDDEN;
        }
        return !attempt.oneCall
                && Duration.between(attempt.lastCall, lost.loss().at()).compareTo(IDLE) >= 0;
    }

    /** A call that was part of it is over. */
    void partOver(Attempt attempt, Player.@Nullable Planned planned, @Nullable Throwable thrown) {
        if (thrown != planned) {
            wrong(attempt, thrown);
        }
    }

    /** It has been ended, to be recorded. */
    void over(Attempt attempt, Player.@Nullable Planned planned, @Nullable Throwable thrown) {
        boolean expected = planned != null
                ? thrown == planned
                : thrown == null
                        || isLoss(attempt, thrown)
                        || thrown instanceof TransactionRolledBackException && attempt.failedInside;
        if (!expected) {
            wrong(attempt, thrown);
        }
        rows.order.lock();
        try {
            if (attempt.recorded != (thrown == null)) {
                journal.wrong(
                        attempt + (attempt.recorded ? " was" : " was not") + " recorded, but ended with " + thrown);
            }
        } finally {
            rows.order.unlock();
        }
        if (!(thrown instanceof LockLostException)) {
            outside(attempt);
        }
    }

    /**
     * It has been ended while a call of it was going on elsewhere.
     *
     * @param commit whether it was to be recorded
     * @param thrown what whoever ended it was told or, if nothing, that call at its end
     */
    void overAtTheEndOfACall(Attempt attempt, boolean commit, @Nullable Throwable thrown) {
        boolean expected = thrown == null
                ? commit || attempt.mayBeOverridden
                : isLoss(attempt, thrown)
                        || thrown instanceof TransactionRolledBackException && (attempt.failedInside || !commit);
        if (!expected) {
            wrong(attempt, thrown);
        }
        rows.order.lock();
        try {
            if (attempt.recorded != (commit && thrown == null)) {
                journal.wrong(
                        attempt + (attempt.recorded ? " was" : " was not") + " recorded, but ended with " + thrown);
            }
        } finally {
            rows.order.unlock();
        }
        if (!(thrown instanceof LockLostException)) {
            outside(attempt);
        }
    }

    /** It has been rolled back. */
    void rolledBack(Attempt attempt, @Nullable Throwable thrown) {
        if (thrown != null && !isLoss(attempt, thrown)) {
            wrong(attempt, thrown);
        }
        if (attempt.recorded) {
            journal.wrong(attempt + " was recorded, but rolled back");
        }
        // Where it was closed, nobody says that it is still being restored for being idle.
        if (thrown == null && attempt.oneCall) {
            outside(attempt);
        }
    }

    /** It has no part any more: what it captured was recorded, put back or not used, unless somebody else took it away. */
    private void outside(Attempt attempt) {
        rows.order.lock();
        try {
            if (!attempt.mayBeOverridden && !attempt.inside().isEmpty()) {
                journal.wrong(attempt + " has ended, but " + attempt.inside() + " was not put back");
            }
        } finally {
            rows.order.unlock();
        }
    }

    /** When all is over nobody is inside anywhere; what was taken away stays as it was left. */
    void last(Attempt attempt) {
        outside(attempt);
        attempt.inside().forEach(rows::leave);
        for (Captured one : attempt.captured) {
            if (one.status == Status.INSIDE) {
                journal.wrong(one + " is still inside");
            }
        }
    }

    /** An undo or redo was not done. */
    void notSwapped(Attempt attempt, List<Attempt> open, Throwable thrown) {
        boolean expected = isRefused(thrown)
                || thrown instanceof Fault
                || isLoss(attempt, thrown)
                || thrown instanceof LockConfigurationException
                        && open.stream().anyMatch(other -> other.root.equals(attempt.root));
        if (!expected) {
            wrong(attempt, thrown);
        }
        if (attempt.recorded) {
            journal.wrong(attempt + " was done, but failed", thrown);
        }
        outside(attempt);
    }

    /**
     * An undo or redo was done, or there was none to do.
     *
     * @param id the id of the step that it says it has done; null if none
     */
    void swapped(Attempt attempt, @Nullable Long id) {
        rows.order.lock();
        try {
            Long done = attempt.recorded && attempt.step != null
                    ? Long.valueOf(attempt.step.entry().id())
                    : null;
            if (done == null ? id != null : !done.equals(id)) {
                journal.wrong(attempt + " says that it has undone or redone " + id + ", and has done " + done);
            }
        } finally {
            rows.order.unlock();
        }
        outside(attempt);
    }
}
