package dev.objectlock.engine;

import dev.objectlock.Blocker;
import dev.objectlock.ChangedPart;
import dev.objectlock.Extent;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockTimeoutException;
import dev.objectlock.Loss;
import dev.objectlock.Refused;
import dev.objectlock.TransactionRequest;
import dev.objectlock.UndoParticipant;
import dev.objectlock.UndoStep;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes parts for transactions and has them captured; what fails on the way leaves nothing behind. */
final class Beginning {

    private static final Terms TERMS = Terms.scoped(LockMode.MONITOR, LockScope.OBJECT, LockAccess.EXCLUSIVE);

    private final Engine engine;
    private final Transactions all;
    private final Participants participants;
    private final OpenTransactions open;

    Beginning(Engine engine, Transactions all, Participants participants, OpenTransactions open) {
        this.engine = engine;
        this.all = all;
        this.participants = participants;
        this.open = open;
    }

    /** What is asked for: where it is may change while it waits, and so who captures it. */
    private record Wanted(List<ChangedPart> parts, Chosen chosen) {

        /** Who captures which part. */
        @FunctionalInterface
        interface Chosen {
            UndoParticipant<?> of(int index, ChangedPart part);
        }

        UndoParticipant<?> participant(int index) {
            return chosen.of(index, parts.get(index));
        }

        /** Before anything is taken, everybody must be known. */
        Wanted checked() {
            for (int i = 0; i < parts.size(); i++) {
                participant(i);
            }
            return this;
        }

        Wanted at(List<ChangedPart> now) {
            return now.equals(parts) ? this : new Wanted(now, chosen).checked();
        }
    }

    /**
     * Begins a transaction, with its first call inside.
     *
     * @return null if there is no hold, since the store is out and work goes on without it
     */
    @Nullable
    Transaction begin(Binding asking, TransactionRequest request, @Nullable Object target) {
        Transaction begun = new Transaction(engine, request.name(), asking, all.commits());
        begun.participant(request.participant().orElse(target instanceof UndoParticipant<?> own ? own : null));
        Wanted wanted = wanted(request.parts(), request, target);
        return take(begun, asking, wanted, waiting(request), deadline(waiting(request))) ? begun : null;
    }

    /** Begins one that swaps states: with the parts and participants of a step. */
    @Nullable
    Transaction begin(Binding asking, String name, UndoStep step, Recorder recorder, Waiting waiting) {
        List<ChangedPart> parts =
                step.states().stream().map(UndoStep.State::part).toList();
        Wanted wanted = new Wanted(parts, (i, part) -> step.states().get(i).participant());
        Transaction begun = new Transaction(engine, name, asking, recorder);
        return take(begun, asking, wanted, waiting, deadline(waiting)) ? begun : null;
    }

    private long deadline(Waiting waiting) {
        return Taking.deadline(engine.time().nanoTime(), waiting);
    }

    private static Waiting waiting(TransactionRequest request) {
        return Waiting.of(request.waitFor().orElse(null), LockMode.MONITOR, false);
    }

    private Wanted wanted(List<ChangedPart> parts, TransactionRequest request, @Nullable Object target) {
        UndoParticipant<?> said = request.participant().orElse(null);
        return new Wanted(parts, (i, part) -> participants.of(part, said, target)).checked();
    }

    /**
     * Adds what is new to an open transaction.
     *
     * @throws LockConfigurationException if it lies under another root
     */
    void widen(Transaction transaction, TransactionRequest request, @Nullable Object target) {
        if (!request.root().rootName().equals(transaction.rootName())) {
            throw new LockConfigurationException(
                    request + " cannot be part of \"" + transaction.name() + "\", which is under "
                            + transaction.hold().claims().get(0).path().root()
                            + ": what is undone together lies under one root; let it be a transaction of its own (REQUIRES_NEW)");
        }
        if (missing(transaction.pieces().all(), request.parts()).isEmpty()) {
            return;
        }
        long askedAt = engine.time().nanoTime();
        long deadline = deadline(waiting(request));
        if (!transaction.widening().begin(engine.time(), deadline, "another part of the same transaction")) {
            throw busy(request.parts().get(0), transaction, askedAt);
        }
        try {
            List<ChangedPart> missing = missing(transaction.pieces().all(), request.parts());
            Binding asking = transaction.home().inside(transaction);
            if (!missing.isEmpty()
                    && !take(transaction, asking, wanted(missing, request, target), waiting(request), deadline)) {
                throw new LockBackendException(
                        request + " cannot be part of \"" + transaction.name()
                                + "\": the store cannot be reached, and without a lock it could not be restored",
                        true,
                        null);
            }
        } finally {
            transaction.widening().end();
        }
    }

    private static List<ChangedPart> missing(List<Piece> had, List<ChangedPart> asked) {
        List<ChangedPart> missing = new ArrayList<>();
        for (ChangedPart part : asked) {
            List<ChangedPart> left = List.of(part);
            for (Piece piece : had) {
                left = without(left, piece.part());
            }
            missing.addAll(left);
        }
        return missing;
    }

    /** A whole object is either there or not; of extents, what is not there. */
    private static List<ChangedPart> without(List<ChangedPart> parts, ChangedPart had) {
        List<ChangedPart> left = new ArrayList<>(parts.size());
        for (ChangedPart part : parts) {
            if (had.covers(part)) {
                continue;
            }
            if (part.extent() == null || had.extent() == null || !part.overlaps(had)) {
                left.add(part);
                continue;
            }
            if (part.extent().from() < had.extent().from()) {
                left.add(new ChangedPart(
                        part.path(),
                        new Extent(part.extent().from(), had.extent().from())));
            }
            if (had.extent().to() < part.extent().to()) {
                left.add(new ChangedPart(
                        part.path(), new Extent(had.extent().to(), part.extent().to())));
            }
        }
        return left;
    }

    private boolean take(Transaction transaction, Binding asking, Wanted wanted, Waiting waiting, long deadline) {
        open.claim(transaction, wanted.parts());
        ScopedHold hold = null;
        try {
            List<Claim> claims = wanted.parts().stream()
                    .map(part -> new Claim(part.path(), TERMS, part.extent()))
                    .toList();
            if (!(engine.taking().takeForTransaction(asking, claims, waiting) instanceof ScopedHold granted)) {
                unclaim(transaction, wanted.parts());
                return false;
            }
            hold = granted;
            granted(transaction, granted, wanted, deadline);
            return true;
        } catch (Throwable failed) {
            giveBack(hold, failed);
            unclaim(transaction, wanted.parts());
            throw failed;
        }
    }

    private void granted(Transaction transaction, ScopedHold hold, Wanted asked, long deadline) {
        // Where the objects are by now: they may have been moved while this was waiting.
        List<ChangedPart> parts = hold.claims().stream()
                .map(claim -> new ChangedPart(claim.path(), claim.extent()))
                .toList();
        Wanted wanted = asked.at(parts);
        all.overtaken(parts.get(0).path().root(), hold.ownSince());
        // Before it looks for others: of two, one sees the other.
        transaction.pieces().takes(hold);
        open.taking(transaction, parts).forEach(other -> loseFirst(hold, other));
        hold.throwIfLost();
        for (Map.Entry<Transaction, Piece> former :
                open.overlapping(transaction, parts).entrySet()) {
            supersede(former.getKey(), former.getValue(), hold, deadline);
        }
        List<Piece> captured = capture(hold, wanted);
        if (!transaction.pieces().isEmpty()) {
            // With one part all is lost.
            transaction.pieces().add(captured);
        }
        // What it would do from here on, it would do in somebody else's part.
        hold.throwIfLost();
        if (transaction.pieces().isEmpty()) {
            transaction.pieces().add(captured);
        }
        transaction.pieces().asks(List.of());
        transaction.pieces().takes(null);
    }

    /** One of both has lost the part, of which the store may not have told yet: the one that was granted it first. */
    private void loseFirst(ScopedHold one, ScopedHold other) {
        ScopedHold first = one.fence() < other.fence() ? one : other;
        engine.losses()
                .lost(
                        first,
                        new Loss(
                                Loss.Reason.OVERRIDDEN,
                                null,
                                null,
                                engine.time().now()));
    }

    /** One of both has lost the part, and it is the one that was granted it first. It may just be restoring it. */
    private void supersede(Transaction former, Piece part, ScopedHold granted, long deadline) {
        if (part.hold().fence() > granted.fence()) {
            granted.throwIfLost();
            return;
        }
        String what = "the transaction \"" + former.name() + "\", which has lost " + part.part() + ", to end";
        if (!Turn.await(former.supersede(), engine.time(), deadline, what)) {
            throw busy(part.part(), former, granted.askedAt());
        }
    }

    private LockTimeoutException busy(ChangedPart part, Transaction other, long askedAt) {
        HoldInfo hold = other.hold().info(0);
        return new LockTimeoutException(
                new Refused(part.path(), LockMode.MONITOR, hold.owner(), new Blocker(hold, Blocker.Kind.HOLD), 1),
                Duration.ofNanos(engine.time().nanoTime() - askedAt));
    }

    private void unclaim(Transaction transaction, List<ChangedPart> parts) {
        transaction.pieces().takes(null);
        transaction.pieces().asks(List.of());
        if (transaction.pieces().isEmpty() || transaction.isOver()) {
            all.settled(transaction, parts.get(0).path().rootName());
        }
    }

    private static void giveBack(@Nullable ScopedHold hold, Throwable failed) {
        try {
            if (hold != null) {
                hold.end();
            }
        } catch (RuntimeException late) {
            Pieces.add(failed, late);
        }
    }

    private static List<Piece> capture(ScopedHold hold, Wanted wanted) {
        return Binding.current().undisturbed(() -> {
            List<Piece> pieces = new ArrayList<>(wanted.parts().size());
            for (int i = 0; i < wanted.parts().size(); i++) {
                ChangedPart part = wanted.parts().get(i);
                pieces.add(new Piece(hold, i, UndoStep.State.capture(part, wanted.participant(i))));
            }
            return pieces;
        });
    }
}
