package dev.objectlock;

import dev.objectlock.grammar.Durations;
import java.time.Duration;

/** Waited and gave up. The request has left the line and is never granted afterwards. */
public final class LockTimeoutException extends LockBusyException {

    private static final long serialVersionUID = 1L;

    private final Duration waited;

    /**
     * Creates the error.
     *
     * @param refused what was tried and who is in the way
     * @param waited how long it waited
     */
    public LockTimeoutException(Refused refused, Duration waited) {
        super(
                refused,
                "gave up after waiting " + Durations.say(waited) + " at position " + refused.position()
                        + "; try again, or wait longer with waitFor");
        this.waited = waited;
    }

    /**
     * Returns how long the request waited.
     *
     * @return the time from its first refusal to its end
     */
    public Duration waited() {
        return waited;
    }
}
