package dev.objectlock.engine;

import dev.objectlock.LockBackendException;
import dev.objectlock.Loss;
import dev.objectlock.backend.JoinedProcess;
import org.jspecify.annotations.Nullable;

/**
 * This process as a store knows it, until the store takes it for dead or forgets it. A scoped hold lives with the membership
 * that it was granted to, so that all of them end at once and none has to be looked for. Thread-safe.
 */
final class Membership {

    private final JoinedProcess process;
    private final String epoch;
    private volatile @Nullable Loss over;

    Membership(JoinedProcess process, String epoch) {
        this.process = process;
        this.epoch = epoch;
    }

    /**
     * Of a process that the store does not know yet.
     *
     * @param id a name for it until then
     * @param why what came of the last attempt to join
     */
    static Membership notJoined(String id, LockBackendException why) {
        return new Membership(new NotJoined(id, why), "");
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
