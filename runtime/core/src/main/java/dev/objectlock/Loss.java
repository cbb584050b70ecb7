package dev.objectlock;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Why a hold ended without its owner's doing.
 *
 * @param reason the reason
 * @param by who took it away, or null if nobody did
 * @param text what they said, or null
 * @param at when
 */
public record Loss(Reason reason, @Nullable LockOwner by, @Nullable String text, Instant at) {

    /** The reasons for losing a hold. */
    public enum Reason {
        /** It lay unused for longer than its lease. */
        LEASE_OVER("its lease ran out unused"),
        /** The longest time it could be held was over. */
        MAX_HOLD_OVER("the longest time it could be held was over"),
        /** Somebody with the right to override took it away. */
        OVERRIDDEN("it was taken away"),
        /** The store or the engine was closed under it. */
        CLOSED("the locks were closed"),
        /** The connection of its client was lost, and it did not come back in time. */
        SESSION_ENDED("the connection of its client was lost"),
        /**
         * The process was silent for longer than its time-out, so that the store took it for dead; or the store was out of its reach
         * for so long that it took itself for dead.
         */
        PROCESS_DEAD("the process was silent for longer than its time-out"),
        /** The store began anew without what it knew. */
        STORE_RESET("the store began anew and knows of nothing"),
        /** The store has forgotten this hold and not all it knew: a failover or a restart cost it what was written last. */
        FORGOTTEN("the store does not know of it any more, after a failover or a restart"),
        /** Nothing was done in its transaction for too long. */
        IDLE("nothing was done in its transaction for too long"),
        /** The object itself was removed. */
        REMOVED("the object was removed");

        private final String words;

        Reason(String words) {
            this.words = words;
        }
    }

    /**
     * Says why, for people.
     *
     * @return for instance {@code it was taken away by su ("robot is needed") at 2026-01-05T10:00:00Z}
     */
    public String describe() {
        return reason.words
                + (by == null ? "" : " by " + by.name())
                + (text == null ? "" : " (\"" + text + "\")")
                + " at " + at.truncatedTo(ChronoUnit.SECONDS);
    }
}
