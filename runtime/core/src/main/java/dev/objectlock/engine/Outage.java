package dev.objectlock.engine;

import dev.objectlock.LockBackendException;
import dev.objectlock.LockEvent;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.WithoutStore;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store that cannot be reached: what is said of it, and how work goes on without it where the application chose that.
 * Thread-safe.
 */
final class Outage {

    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

    /** For so long nothing is logged after a warning. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    private static final String GIVEN_BACK = "; whatever was taken is given back as soon as the store answers";

    private final Engine engine;
    private final boolean proceeds;
    private final ReentrantLock lock = new ReentrantLock();
    private long unlogged;
    private boolean warned;
    private long warnedAt;

    Outage(Engine engine, WithoutStore chosen) {
        this.engine = engine;
        this.proceeds = chosen == WithoutStore.PROCEED;
    }

    boolean proceeds() {
        return proceeds;
    }

    /** The process could not join the store. Whatever it would have been for, nothing was done. */
    LockBackendException notJoined(LockBackendException cause) {
        return error("joining the store", cause, true, "");
    }

    /** A request could not be sent, or its answer did not come. Other failures come out as they are. */
    Throwable of(Ask ask, Throwable failure) {
        return backendFailure(failure) instanceof LockBackendException cause
                ? error(taking(ask.owner(), ask.claims()), cause, cause.isOutcomeKnown(), GIVEN_BACK)
                : failure;
    }

    /** It is not known what became of a request that was in the line. Other failures come out as they are. */
    Throwable inLine(Ask ask, Throwable failure) {
        return backendFailure(failure) instanceof LockBackendException cause
                ? error("waiting in the line, after " + taking(ask.owner(), ask.claims()), cause, false, GIVEN_BACK)
                : failure;
    }

    /** Some of what was asked for had been granted before, and could not be given back yet. */
    LockBackendException partly(Ask ask, LockBackendException cause) {
        return error(
                taking(ask.owner(), ask.claims()) + " after other objects of the same request",
                cause,
                false,
                GIVEN_BACK);
    }

    /** What was held has not been given back yet. */
    LockBackendException later(String tried, LockBackendException cause) {
        return new LockBackendException(
                engine + ": " + tried + " failed, because the store could not be reached: " + cause.getMessage()
                        + ". It is done as soon as the store answers; the call is over",
                cause.isOutcomeKnown(),
                cause);
    }

    /** A question was not answered. */
    LockBackendException of(String tried, LockBackendException cause) {
        return error(tried, cause, cause.isOutcomeKnown(), "; look what is there before you try again");
    }

    /** A question was not answered. Other failures come out as they are. */
    Throwable of(String tried, Throwable failure) {
        return backendFailure(failure) instanceof LockBackendException cause ? of(tried, cause) : failure;
    }

    private LockBackendException error(
            String tried, LockBackendException cause, boolean outcomeKnown, String ifUnknown) {
        return new LockBackendException(
                engine + ": " + tried + " failed, because the store could not be reached: " + cause.getMessage()
                        + (outcomeKnown
                                ? ". It is certain that nothing was done; try again when the store answers"
                                : ". It is not known whether it was done" + ifUnknown)
                        + (outcomeKnown && !proceeds
                                ? ", or let work go on without locks meanwhile: withoutStore(PROCEED)"
                                : ""),
                outcomeKnown,
                cause);
    }

    private static String taking(LockOwner owner, List<Claim> claims) {
        return "taking "
                + claims.stream()
                        .map(claim -> "a " + claim.terms().mode() + " lock on " + claim.path())
                        .distinct()
                        .collect(Collectors.joining(" and "))
                + " for " + owner.name();
    }

    private static Throwable backendFailure(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /**
     * Has the work of a request go on without a hold.
     *
     * @throws LockBackendException if the application did not choose that
     */
    ExemptHold goOn(LockOwner owner, List<LockPath> paths, LockBackendException why) {
        if (!proceeds || !why.isOutcomeKnown()) {
            throw why;
        }
        ExemptHold none = new ExemptHold(paths, engine.time().now(), "the store could not be reached");
        Map<String, List<LockPath>> byRoot = paths.stream()
                .distinct()
                .collect(Collectors.groupingBy(LockPath::rootName, LinkedHashMap::new, Collectors.toList()));
        byRoot.values().forEach(ofTree -> engine.tell(new LockEvent.Proceeded(ofTree, owner, none.since(), why)));
        warn(why);
        return none;
    }

    private void warn(LockBackendException why) {
        long others;
        lock.lock();
        try {
            long now = engine.time().nanoTime();
            if (warned && now - warnedAt < QUIET.toNanos()) {
                unlogged++;
                return;
            }
            others = unlogged;
            warned = true;
            warnedAt = now;
            unlogged = 0;
        } finally {
            lock.unlock();
        }
        LOG.warn(
                "{}. Work goes on without a lock, and has {} times more since this was last said",
                why.getMessage(),
                others);
    }
}
