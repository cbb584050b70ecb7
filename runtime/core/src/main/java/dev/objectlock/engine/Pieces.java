package dev.objectlock.engine;

import dev.objectlock.ChangedPart;
import dev.objectlock.Loss;
import dev.objectlock.UndoEntry;
import dev.objectlock.UndoStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that a transaction has for itself, in the order in which it was captured. Thread-safe. */
final class Pieces {

    private static final Logger LOG = LoggerFactory.getLogger(Pieces.class);

    private volatile List<Piece> all = List.of();

    /** What is being asked for at the moment. */
    private volatile List<ChangedPart> asked = List.of();

    /** What has been granted, and is being captured. */
    private volatile @Nullable ScopedHold taking;

    /** Something was granted, and is being captured; null if it has been, or will not be. */
    void takes(@Nullable ScopedHold hold) {
        taking = hold;
    }

    /** What is being captured, if it overlaps. */
    @Nullable
    ScopedHold taking(List<ChangedPart> parts) {
        ScopedHold hold = taking;
        return hold != null
                        && hold.claims().stream()
                                .map(claim -> new ChangedPart(claim.path(), claim.extent()))
                                .anyMatch(part -> parts.stream().anyMatch(part::overlaps))
                ? hold
                : null;
    }

    /** Parts are asked for, or if there are none nothing any more. One at a time. */
    void asks(List<ChangedPart> parts) {
        asked = parts;
    }

    /** Parts have been granted, and captured. One at a time. */
    void add(List<Piece> more) {
        List<Piece> longer = new ArrayList<>(all);
        longer.addAll(more);
        all = List.copyOf(longer);
    }

    List<Piece> all() {
        return all;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Where the objects are now. */
    List<ChangedPart> parts() {
        return all.stream().map(Piece::part).toList();
    }

    List<ScopedHold> holds() {
        return all.stream().map(Piece::hold).distinct().toList();
    }

    /** What overlaps; null if nothing does. */
    @Nullable
    Piece overlapping(List<ChangedPart> parts) {
        for (Piece piece : all) {
            if (parts.stream().anyMatch(piece.part()::overlaps)) {
                return piece;
            }
        }
        return null;
    }

    /** Whether something of it overlaps. */
    private boolean overlaps(ChangedPart part) {
        for (Piece piece : all) {
            if (piece.part().overlaps(part)) {
                return true;
            }
        }
        return false;
    }

    /** Whether something of it overlaps, or of what is being asked for. */
    boolean overlapsOrAsks(ChangedPart part) {
        return overlaps(part) || asked.stream().anyMatch(part::overlaps);
    }

    /** Why some of it was lost; null if all of it is held, as far as this process knows. */
    @Nullable
    Loss loss() {
        for (Piece piece : all) {
            Loss why = piece.hold().loss();
            if (why != null) {
                return why;
            }
        }
        return null;
    }

    UndoStep step(String name, Instant now) {
        List<UndoStep.State> states = all.stream().map(Piece::state).toList();
        ScopedHold first = all.get(0).hold();
        return new UndoStep(
                new UndoEntry(
                        states.get(0).part().path().root(),
                        first.fence(),
                        name,
                        states.stream().map(UndoStep.State::part).toList(),
                        first.owner(),
                        now),
                states);
    }

    /**
     * Puts back what is still held, the last captured first: what was captured later may contain what had been changed before.
     *
     * @param failure what fails is added to it
     * @return whether all of it is as it was
     */
    boolean restore(Throwable failure) {
        List<Piece> known = all;
        boolean whole = true;
        for (int i = known.size() - 1; i >= 0; i--) {
            Piece piece = known.get(i);
            whole &= piece.hold().loss() == null && restore(piece, failure);
        }
        return whole;
    }

    private static boolean restore(Piece piece, Throwable failure) {
        try {
            Binding.current().undisturbed(() -> {
                piece.state().restore();
                return true;
            });
            return true;
        } catch (Throwable broken) {
            // Also what the compiler does not know of: whatever a participant throws, the rest is restored and given
            // back.
            add(failure, broken);
            Hostile.log(LOG, piece.part() + " could not be restored: it may be left half changed", broken);
            return false;
        }
    }

    /**
     * Gives all back that has not been.
     *
     * @param failure what fails is added to it; null if nothing has failed so far
     * @return what failed, if nothing had failed before
     */
    @Nullable
    RuntimeException release(@Nullable Throwable failure) {
        RuntimeException first = null;
        for (ScopedHold hold : holds()) {
            try {
                if (hold.isOngoing()) {
                    hold.end();
                }
            } catch (RuntimeException late) {
                if (failure != null) {
                    add(failure, late);
                } else if (first != null) {
                    add(first, late);
                } else {
                    first = late;
                }
            }
        }
        return first;
    }

    static void add(Throwable failure, Throwable also) {
        if (failure != also) {
            failure.addSuppressed(also);
        }
    }
}
