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
     * @return at least one, but for a move and a removal; none if work went on without a hold, or it is about a history
     */
    List<HoldInfo> holds();

    /**
     * Returns the number of this change: it grows with each change of the tree, so that a change can be told from one that
     * a {@link LockSnapshot} has already. Numbers may be left out.
     *
     * @return the number; 0 if nothing changed in the tree
     */
    long number();

    /**
     * Returns when it happened.
     *
     * @return by the clock of the store, or of the process if the store does not know of it
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
     * Returns the same event, about some of its holds.
     *
     * @param some the holds
     * @return the changed copy
     */
    LockEvent about(List<HoldInfo> some);

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
     * @param number the number of the change
     */
    record Acquired(List<HoldInfo> holds, Instant at, long number) implements LockEvent {
        @Override
        public LockEvent about(List<HoldInfo> some) {
            return new Acquired(some, at, number);
        }
    }

    /**
     * Holds were given back by their owner, or ended with a session.
     *
     * @param holds the holds
     * @param at when
     * @param number the number of the change
     */
    record Released(List<HoldInfo> holds, Instant at, long number) implements LockEvent {
        @Override
        public LockEvent about(List<HoldInfo> some) {
            return new Released(some, at, number);
        }
    }

    /**
     * Holds lay unused for longer than their lease, or their longest time was over.
     *
     * @param holds the holds
     * @param at when
     * @param number the number of the change
     * @param reason {@code LEASE_OVER} or {@code MAX_HOLD_OVER}
     */
    record Expired(List<HoldInfo> holds, Instant at, long number, Loss.Reason reason) implements LockEvent {
        @Override
        public LockEvent about(List<HoldInfo> some) {
            return new Expired(some, at, number, reason);
        }

        @Override
        public Optional<Loss> loss() {
            return Optional.of(new Loss(reason, null, null, at));
        }
    }

    /**
     * Holds were taken away by somebody with the right to override.
     *
     * @param holds the holds
     * @param at when
     * @param number the number of the change
     * @param by who did it
     * @param reason what they said
     */
    record Overridden(List<HoldInfo> holds, Instant at, long number, LockOwner by, @Nullable String reason)
            implements LockEvent {
        @Override
        public LockEvent about(List<HoldInfo> some) {
            return new Overridden(some, at, number, by, reason);
        }

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
     * @param number the number of the change
     * @param why the reason
     */
    record Lost(List<HoldInfo> holds, Instant at, long number, Loss why) implements LockEvent {
        @Override
        public LockEvent about(List<HoldInfo> some) {
            return new Lost(some, at, number, why);
        }

        @Override
        public Optional<Loss> loss() {
            return Optional.of(why);
        }
    }

    /**
     * Holds cover more, or less, than before: {@link ObjectLocks#changeScope}.
     *
     * @param holds the holds as they are now
     * @param at when
     * @param number the number of the change
     */
    record ScopeChanged(List<HoldInfo> holds, Instant at, long number) implements LockEvent {
        @Override
        public LockEvent about(List<HoldInfo> some) {
            return new ScopeChanged(some, at, number);
        }
    }

    /**
     * Objects got new paths, and their holds with them: {@link ObjectLocks#move}. Told also when nothing was kept there.
     *
     * @param holds the kept holds as they are now, perhaps none
     * @param at when
     * @param number the number of the change
     * @param from the former path of the topmost object
     * @param to its path now
     */
    record Moved(List<HoldInfo> holds, Instant at, long number, LockPath from, LockPath to) implements LockEvent {
        @Override
        public LockEvent about(List<HoldInfo> some) {
            return new Moved(some, at, number, from, to);
        }

        @Override
        public LockPath root() {
            return to.root();
        }
    }

    /**
     * Objects are gone, and their holds with them: {@link ObjectLocks#remove}. Told also when nothing was kept there.
     *
     * @param holds the kept holds that ended, perhaps none
     * @param at when
     * @param number the number of the change
     * @param path the topmost object
     * @param by who removed it
     */
    record Removed(List<HoldInfo> holds, Instant at, long number, LockPath path, LockOwner by) implements LockEvent {
        @Override
        public LockEvent about(List<HoldInfo> some) {
            return new Removed(some, at, number, path, by);
        }

        @Override
        public LockPath root() {
            return path.root();
        }

        @Override
        public Optional<Loss> loss() {
            return Optional.of(new Loss(Loss.Reason.REMOVED, by, null, at));
        }
    }

    /**
     * The history of a root has changed: {@link LockTransactions}. Told to the listeners of the process in which the history is. It
     * is no change of the tree, so nobody who watches that hears of it.
     *
     * @param root the root
     * @param change what has become of it
     * @param steps the entries it is about: one, or all that were forgotten; perhaps none that are still known
     * @param at when, by the clock of this process
     */
    record HistoryChanged(LockPath root, Change change, List<UndoEntry> steps, Instant at) implements LockEvent {

        /** What has become of a history. */
        public enum Change {
            /** A transaction was committed. What could be redone is forgotten. */
            COMMITTED,
            /** A step was undone. */
            UNDONE,
            /** A step was redone. */
            REDONE,
            /** All was forgotten, since a transaction of another process came in between. */
            OVERTAKEN
        }

        /** Copies the list. */
        public HistoryChanged {
            steps = List.copyOf(steps);
        }

        /** None. */
        @Override
        public List<HoldInfo> holds() {
            return List.of();
        }

        /** Always 0. */
        @Override
        public long number() {
            return 0;
        }

        /** Returns the same: it is about no hold. */
        @Override
        public LockEvent about(List<HoldInfo> some) {
            return this;
        }
    }

    /**
     * The store could not be reached, and work went on without a hold: {@link WithoutStore#PROCEED}. Told, for each tree that
     * the work is about, to the listeners of the process in which it happened. It is no change of the tree, so nobody who
     * watches that hears of it.
     *
     * @param paths the objects that would have been locked or checked, all under one root, at least one
     * @param owner whose work it is
     * @param at when, by the clock of this process
     * @param why what was tried, and what came of it
     */
    record Proceeded(List<LockPath> paths, LockOwner owner, Instant at, LockBackendException why) implements LockEvent {

        /**
         * Creates one.
         *
         * @throws IllegalArgumentException without a path
         */
        public Proceeded {
            if (paths.isEmpty()) {
                throw new IllegalArgumentException("work that goes on without a hold is about one object at least");
            }
            paths = List.copyOf(paths);
        }

        /** None. */
        @Override
        public List<HoldInfo> holds() {
            return List.of();
        }

        /** Always 0. */
        @Override
        public long number() {
            return 0;
        }

        @Override
        public LockPath root() {
            return paths.get(0).root();
        }

        /** Returns the same: it is about no hold. */
        @Override
        public LockEvent about(List<HoldInfo> some) {
            return this;
        }
    }
}
