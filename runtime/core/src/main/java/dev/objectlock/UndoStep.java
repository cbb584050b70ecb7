package dev.objectlock;

import java.util.ArrayList;
import java.util.List;

/**
 * An entry with what is needed to undo it, or to redo it: the states to swap back in. Immutable.
 *
 * @param entry the entry
 * @param states a state for each part, in the order in which they were captured
 */
public record UndoStep(UndoEntry entry, List<State> states) {

    /** More than any bound, and yet so little that sums of it do not overflow. */
    private static final long MOST_BYTES = 1L << 48;

    /**
     * The state of one part, and who can put it back.
     *
     * @param part what it is the state of
     * @param participant who captured it
     * @param state what was captured
     * @param bytes about how much memory it takes
     */
    public record State(ChangedPart part, UndoParticipant<Object> participant, Object state, long bytes) {

        /**
         * Captures the state of a part.
         *
         * @param part the part
         * @param participant who captures it
         * @return the state
         * @throws LockConfigurationException if the participant returns null
         */
        @SuppressWarnings("unchecked") // It is given back to the participant that returned it, and to nobody else.
        public static State capture(ChangedPart part, UndoParticipant<?> participant) {
            UndoParticipant<Object> known = (UndoParticipant<Object>) participant;
            Object state = known.capture(part.path(), part.extent());
            if (state == null) {
                throw new LockConfigurationException(participant.getClass().getName() + ".capture returned null for "
                        + part + "; return the state, even if it is empty");
            }
            return new State(part, known, state, Math.min(MOST_BYTES, Math.max(0, known.bytes(state))));
        }

        /** Puts the state back. */
        public void restore() {
            participant.restore(part.path(), part.extent(), state);
        }

        /**
         * Returns the same state of an object at another path.
         *
         * @param moved the path
         * @return this, or a changed copy
         */
        public State at(LockPath moved) {
            return moved.equals(part.path()) ? this : new State(part.at(moved), participant, state, bytes);
        }
    }

    /** Copies the list. */
    public UndoStep {
        states = List.copyOf(states);
    }

    /**
     * Returns about how much memory the states take.
     *
     * @return bytes
     */
    public long bytes() {
        return states.stream().mapToLong(State::bytes).sum();
    }

    /**
     * Returns the same states for the parts of an entry.
     *
     * @param now the same entry, perhaps with other paths
     * @return the changed copy
     */
    public UndoStep in(UndoEntry now) {
        List<State> there = new ArrayList<>();
        for (int i = 0; i < states.size(); i++) {
            there.add(states.get(i).at(now.parts().get(i).path()));
        }
        return new UndoStep(now, there);
    }

    /**
     * Returns the same step after objects have been moved.
     *
     * @param from the former path of the topmost object
     * @param to its path now
     * @return this, or a changed copy
     */
    public UndoStep moved(LockPath from, LockPath to) {
        if (states.stream().noneMatch(state -> from.isAtOrAbove(state.part().path()))) {
            return this;
        }
        List<State> now = states.stream()
                .map(state -> from.isAtOrAbove(state.part().path())
                        ? state.at(state.part().path().moved(from, to))
                        : state)
                .toList();
        UndoEntry there = new UndoEntry(
                entry.root(),
                entry.id(),
                entry.name(),
                now.stream().map(State::part).toList(),
                entry.owner(),
                entry.at());
        return new UndoStep(there, now);
    }
}
