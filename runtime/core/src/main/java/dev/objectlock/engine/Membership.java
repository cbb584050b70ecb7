package dev.objectlock.engine;

import dev.objectlock.LockBackendException;
import dev.objectlock.Loss;
import dev.objectlock.backend.JoinedProcess;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * This process as a store knows it, until the store takes it for dead or forgets it. A scoped hold lives with the membership
 * that it was granted to, so that all of them end at once and none has to be looked for. Thread-safe.
 */
final class Membership {

    private final JoinedProcess process;
    private final String epoch;
    private final long askedNanos;
    private final Instant askedWall;
    private volatile @Nullable Loss over;

    /**
     * Begins.
     *
     * @param epoch of the store, as the first beat told it
     * @param askedNanos when that beat was sent, by the monotonic clock
     * @param askedWall the same by the time of day
     */
    Membership(JoinedProcess process, String epoch, long askedNanos, Instant askedWall) {
        this.process = process;
        this.epoch = epoch;
        this.askedNanos = askedNanos;
        this.askedWall = askedWall;
    }

    /**
     * Of a process that the store does not know yet.
     *
     * @param id a name for it until then
     * @param why what came of the last attempt to join
     */
    static Membership notJoined(String id, LockBackendException why) {
        return new Membership(new NotJoined(id, why), "", 0, Instant.EPOCH);
    }

    boolean isJoined() {
        return !(process instanceof NotJoined);
    }

    JoinedProcess process() {
        return process;
    }

    String epoch() {
        return epoch;
    }

    long askedNanos() {
        return askedNanos;
    }

    Instant askedWall() {
        return askedWall;
    }

    /** Why it has ended; null as long as it has not. */
    @Nullable
    Loss over() {
        return over;
    }

    /** Returns whether it had not ended before; else the reason stays as it was. */
    synchronized boolean end(Loss loss) {
        if (over != null) {
            return false;
        }
        over = loss;
        return true;
    }
}
