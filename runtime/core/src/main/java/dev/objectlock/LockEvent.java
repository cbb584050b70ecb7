package dev.objectlock;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something happened to one or more holds of one tree. Kept holds are announced; a scoped hold is quiet unless it is
 * lost.
 */
public sealed interface LockEvent {

    /**
     * Returns the holds it is about, all under one root.
     *
     * @return at least one
     */
    List<HoldInfo> holds();

    /**
     * Returns when it happened.
     *
     * @return by the clock of the store
     */
    Instant at();

    /**
     * Returns the root of the tree.
     *
     * @return its path
     */
    default LockPath root() {
        return holds().get(0).path().root();
    }

    /**
     * Returns why the holds were lost.
     *
     * @return empty if they were granted, or given back by their owner
     */
    default Optional<Loss> loss() {
        return Optional.empty();
    }

    /**
     * Holds were granted, or upgraded and so given a new fence.
     *
     * @param holds the holds
     * @param at when
     */
    record Acquired(List<HoldInfo> holds, Instant at) implements LockEvent {}

    /**
     * Holds were given back by their owner, or ended with a session.
     *
     * @param holds the holds
     * @param at when
     */
    record Released(List<HoldInfo> holds, Instant at) implements LockEvent {}

    /**
     * Holds lay unused for longer than their lease.
     *
     * @param holds the holds
     * @param at when
     */
    record Expired(List<HoldInfo> holds, Instant at) implements LockEvent {
        @Override
        public Optional<Loss> loss() {
            return Optional.of(new Loss(Loss.Reason.LEASE_OVER, null, null, at));
        }
    }

    /**
     * Holds were taken away by somebody with the right to override.
     *
     * @param holds the holds
     * @param at when
     * @param by who did it
     * @param reason what they said
     */
    record Overridden(List<HoldInfo> holds, Instant at, LockOwner by, @Nullable String reason) implements LockEvent {
        @Override
        public Optional<Loss> loss() {
            return Optional.of(new Loss(Loss.Reason.OVERRIDDEN, by, reason, at));
        }
    }

    /**
     * Holds were lost in another way.
     *
     * @param holds the holds
     * @param at when
     * @param why the reason
     */
    record Lost(List<HoldInfo> holds, Instant at, Loss why) implements LockEvent {
        @Override
        public Optional<Loss> loss() {
            return Optional.of(why);
        }
    }
}
