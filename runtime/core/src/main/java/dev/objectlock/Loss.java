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
        /** Somebody with the right to override took it away. */
        OVERRIDDEN("it was taken away"),
        /** The store or the engine was closed under it. */
        CLOSED("the locks were closed"),
        /** It ended with the session of its client. */
        SESSION_ENDED("the session of its client ended");

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
