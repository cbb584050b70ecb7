package dev.objectlock.testkit.model;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What came of an operation: in the model, with all that may be named; in the store, with what was named.
 *
 * @param what in a word or two
 * @param ways what is in the way, if it was refused
 * @param position the place in the line, or 0
 */
record Outcome(String what, Set<Way> ways, int position) {

    /** The operation makes no sense here, and is left out. */
    static final Outcome SKIPPED = new Outcome("skipped", Set.of(), 0);

    static final Outcome GRANTED = of("granted");
    static final Outcome WAITING = of("waiting");
    static final Outcome DONE = of("done");
    static final Outcome NOT_HELD = of("not held");

    /** There is no user, or the session is over. */
    static final Outcome NO_SESSION = of("unauthenticated");

    /** The engine was closed, or another number of slots is in use. */
    static final Outcome WRONG = of("configuration");

    static Outcome of(String what) {
        return new Outcome(what, Set.of(), 0);
    }

    static Outcome refused(String how, List<Way> ways, int position) {
        return new Outcome(how, Set.copyOf(ways), position);
    }

    static Outcome released(String how, List<String> paths) {
        return of(how.equals("RELEASED") ? how + " " + paths.stream().sorted().toList() : how);
    }

    Outcome after(int losses) {
        return losses == 0 ? this : new Outcome("told of " + losses + " losses, then " + what, ways, position);
    }

    /** Says what is wrong with what the store did; null if it is what the model expects. */
    @Nullable
    String differenceTo(Outcome real) {
        boolean engineIsClosed = what.equals("closed") && real.what.equals("unauthenticated");
        if (!what.equals(real.what) && !engineIsClosed) {
            return "expected: " + this + ", but was: " + real;
        }
        if (!ways.isEmpty() && !ways.containsAll(real.ways)) {
            return "expected one of these in the way: " + ways + ", but named was " + real.ways;
        }
        return position != 0 && position != real.position
                ? "expected position " + position + ", but was " + real.position
                : null;
    }

    @Override
    public String toString() {
        return what + (ways.isEmpty() ? "" : " by " + ways);
    }
}
