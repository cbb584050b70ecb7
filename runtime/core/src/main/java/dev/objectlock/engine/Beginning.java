package dev.objectlock.engine;

import dev.objectlock.Blocker;
import dev.objectlock.ChangedPart;
import dev.objectlock.Extent;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockInterruptedException;
import dev.objectlock.LockTime.Alarm;
import dev.objectlock.LockTimeoutException;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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

    /** Parts, and who captures them. */
    private record Wanted(List<ChangedPart> parts, List<UndoParticipant<?>> participants) {}

    /**
     * Begins a transaction, with its first call inside.
     *
     * @return null if there is no hold, since the store is out and work goes on without it
     */
    @Nullable
    Transaction begin(Binding asking, TransactionRequest request, @Nullable Object target) {
        Wanted wanted = wanted(request.parts(), request, target);
        Waiting waiting = waiting(request);
        return begin(asking, new Transaction(engine, request.name(), asking, all.commits()), wanted, waiting);
    }

    /** Begins one that swaps states: with the parts and participants of a step. */
    @Nullable
    Transaction begin(Binding asking, String name, UndoStep step, Recorder recorder, Waiting waiting) {
        List<ChangedPart> parts =
                step.states().stream().map(UndoStep.State::part).toList();
        List<UndoParticipant<?>> known = new ArrayList<>();
        step.states().forEach(state -> known.add(state.participant()));
        return begin(asking, new Transaction(engine, name, asking, recorder), new Wanted(parts, known), waiting);
    }

    private @Nullable Transaction begin(Binding asking, Transaction begun, Wanted wanted, Waiting waiting) {
        return take(begun, asking, wanted, waiting) ? begun : null;
    }

    private static Waiting waiting(TransactionRequest request) {
        return Waiting.of(request.waitFor().orElse(null), LockMode.MONITOR, false);
    }

    private Wanted wanted(List<ChangedPart> parts, TransactionRequest request, @Nullable Object target) {
        List<UndoParticipant<?>> known = new ArrayList<>(parts.size());
        for (ChangedPart part : parts) {
            known.add(participants.of(part, request.participant().orElse(null), target));
        }
        return new Wanted(parts, known);
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
        transaction.widen();
        try {
            List<ChangedPart> missing = missing(transaction.pieces().all(), request.parts());
            if (missing.isEmpty()) {
                return;
            }
            Binding asking = transaction.home().inside(transaction);
            if (!take(transaction, asking, wanted(missing, request, target), waiting(request))) {
                throw new LockBackendException(
                        request + " cannot be part of \"" + transaction.name()
                                + "\": the store cannot be reached, and without a lock it could not be restored",
                        true,
                        null);
            }
        } finally {
            transaction.widened();
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

    private boolean take(Transaction transaction, Binding asking, Wanted wanted, Waiting waiting) {
        List<ChangedPart> parts = wanted.parts();
        long deadline = Taking.deadline(engine.time().nanoTime(), waiting);
        open.claim(transaction, parts);
        ScopedHold hold = null;
        try {
            List<Claim> claims = parts.stream()
                    .map(part -> new Claim(part.path(), TERMS, part.extent()))
                    .toList();
            if (!(engine.taking().takeForTransaction(asking, claims, waiting) instanceof ScopedHold granted)) {
                unclaim(transaction, parts);
                return false;
            }
            hold = granted;
            for (Transaction former : open.overlapping(transaction, parts)) {
                await(former, hold, deadline);
            }
            if (!hold.followsOwn()) {
                all.overtaken(parts.get(0).path().root(), hold.fence());
            }
            transaction.pieces().add(capture(hold, wanted));
            transaction.pieces().asks(List.of());
            return true;
        } catch (Throwable failed) {
            giveBack(hold, failed);
            unclaim(transaction, parts);
            throw failed;
        }
    }

    private void unclaim(Transaction transaction, List<ChangedPart> parts) {
        transaction.pieces().asks(List.of());
        if (transaction.pieces().isEmpty()) {
            all.settled(transaction, parts.get(0).path().rootName());
        }
    }

    private static void giveBack(@Nullable ScopedHold hold, Throwable failed) {
        try {
            if (hold != null) {
                hold.end();
            }
        } catch (RuntimeException late) {
            failed.addSuppressed(late);
        }
    }

    private static List<Piece> capture(ScopedHold hold, Wanted wanted) {
        return Binding.current().undisturbed(() -> {
            List<Piece> pieces = new ArrayList<>(wanted.parts().size());
            for (int i = 0; i < wanted.parts().size(); i++) {
                UndoStep.State captured = UndoStep.State.capture(
                        wanted.parts().get(i), wanted.participants().get(i));
                pieces.add(new Piece(hold, i, captured));
            }
            return pieces;
        });
    }

    /** Somebody had lost an overlapping part, and may just be restoring it. */
    private void await(Transaction former, ScopedHold granted, long deadline) {
        CompletableFuture<Boolean> settled = former.supersede();
        if (settled.isDone()) {
            return;
        }
        CompletableFuture<Boolean> first = settled.thenApply(done -> done);
        long left = deadline - engine.time().nanoTime();
        Alarm alarm = engine.time().schedule(Duration.ofNanos(Math.max(0, left)), () -> first.complete(false));
        try {
            if (!first.get()) {
                Claim claim = granted.claims().get(0);
                Blocker blocker = new Blocker(former.hold().info(0), Blocker.Kind.HOLD);
                throw new LockTimeoutException(
                        new Refused(claim.path(), LockMode.MONITOR, granted.owner(), blocker, 1),
                        Duration.ofNanos(engine.time().nanoTime() - granted.askedAt()));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LockInterruptedException(
                    "interrupted while the transaction \"" + former.name() + "\", which had lost "
                            + granted.claims().get(0).path() + ", was about to end",
                    interrupted);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            alarm.cancel();
        }
    }
}
