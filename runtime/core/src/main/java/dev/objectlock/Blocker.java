package dev.objectlock;

import dev.objectlock.grammar.Durations;

/**
 * What is in the way of a request: somebody's hold, somebody who waits in front, or the object itself.
 *
 * @param hold the hold; for a waiter, what it waits for, with the moment it began to wait as {@code since}; for an object
 *     that refused, the hold that the asker would have had
 * @param kind what it is
 */
public record Blocker(HoldInfo hold, Kind kind) {

    /** What is in the way. */
    public enum Kind {
        /** A hold. */
        HOLD,
        /** A request further up in the line. */
        WAITER,
        /** The object itself: its {@link MonitorHooks} said no. */
        OBJECT
    }

    /**
     * Returns whether it is a waiter.
     *
     * @return true for a request further up in the line
     */
    public boolean waiting() {
        return kind == Kind.WAITER;
    }

    /**
     * Says who is in the way, for the reader of an error message.
     *
     * @param reader who will read it: their own client is named, other people's are not
     * @return for instance {@code alice holds a USER lock on cell:7 (kept since 2026-01-05T10:00:00Z, 42 s left)}
     */
    public String describe(LockOwner reader) {
        if (kind == Kind.OBJECT) {
            return hold.path() + " itself did not let it in (monitorEnter returned false)";
        }
        String who = hold.owner().nameFor(reader);
        String what = (hold.access() == dev.objectlock.annotation.LockAccess.SHARED ? "shared " : "") + hold.mode();
        if (waiting()) {
            return who + " waits in front for a " + what + " lock on " + hold.path() + " (since " + seconds() + ")";
        }
        String left =
                hold.remaining().map(d -> ", " + Durations.say(d) + " left").orElse("");
        String kind = hold.kept() ? "kept" : "a running call";
        String where = hold.path() + (hold.extent() == null ? "" : " " + hold.extent());
        return who + " holds a " + what + " lock on " + where + " (" + kind + " since " + seconds() + left + ")";
    }

    private String seconds() {
        return hold.since().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
    }
}
