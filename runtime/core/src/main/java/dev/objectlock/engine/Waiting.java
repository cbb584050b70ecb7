package dev.objectlock.engine;

import dev.objectlock.LockRequest;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.backend.Ask.Patience;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * For what a request waits, and how long.
 *
 * @param patience for what
 * @param longest how long at most
 */
public record Waiting(Patience patience, Duration longest) {

    /** Refused at once. */
    public static final Waiting NOT = new Waiting(Patience.NONE, Duration.ZERO);

    private static final Duration FOR_OWNERSHIP = Duration.ofSeconds(2);
    private static final Duration FOR_MONITOR = Duration.ofSeconds(15);

    /**
     * Returns what a request waits for.
     *
     * @param waitFor what was said, or null
     * @param mode the mode
     * @param kept whether it asks to keep
     * @return whatever is in the way, if something was said; else only what ends soon, and nothing to keep
     */
    public static Waiting of(@Nullable Duration waitFor, LockMode mode, boolean kept) {
        if (waitFor != null) {
            return waitFor.isZero() ? NOT : new Waiting(Patience.FOR_ANYTHING, waitFor);
        }
        if (kept) {
            return NOT;
        }
        return new Waiting(Patience.FOR_CALLS, mode == LockMode.MONITOR ? FOR_MONITOR : FOR_OWNERSHIP);
    }

    /** Returns what a request in code waits for. */
    static Waiting of(LockRequest request) {
        return of(request.waitFor().orElse(null), request.mode(), request.isKept());
    }

    /** Returns what an attempt waits for: nothing, unless something was said. */
    static Waiting ofAttempt(LockRequest request) {
        return request.waitFor().isPresent() ? of(request) : NOT;
    }

    /**
     * Returns how several requests wait together.
     *
     * @param other the other
     * @return whichever waits for more, and longer
     */
    public Waiting and(Waiting other) {
        Patience more = patience.compareTo(other.patience) >= 0 ? patience : other.patience;
        return new Waiting(more, longest.compareTo(other.longest) >= 0 ? longest : other.longest);
    }
}
