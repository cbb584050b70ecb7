package dev.objectlock.backend;

import dev.objectlock.Blocker;

/** What a backend says to a {@link Guard}. */
public sealed interface GuardAnswer {

    /** Nothing is in the way. */
    GuardAnswer PASSED = new Passed(() -> {});

    /**
     * Nothing is in the way.
     *
     * @param use what to end when the work is done: until then the owner's leases on what it touches do not run
     */
    record Passed(Use use) implements GuardAnswer {}

    /**
     * Somebody else is in the way.
     *
     * @param blocker who
     */
    record InTheWay(Blocker blocker) implements GuardAnswer {}

    /** Nobody is in the way, but no kept hold of the owner covers it. */
    record NotHeld() implements GuardAnswer {}

    /** Work that counts as use of kept holds with a lease. */
    @FunctionalInterface
    interface Use {
        /** Work that uses nothing. */
        Use NONE = () -> {};

        /** The work is done. Called once. */
        void end();
    }
}
