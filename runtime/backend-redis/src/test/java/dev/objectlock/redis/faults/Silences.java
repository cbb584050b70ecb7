package dev.objectlock.redis.faults;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * When the store could not hear a worker, and when it forgot everything. It is written down by whoever did that to them, and by
 * nobody who would profit from it. Thread-safe; all times are {@code nanoTime} of the run.
 */
final class Silences {

    /** Stands for every worker. */
    static final int ALL = -1;

    /** Why the store did not hear it. */
    enum Cause {
        /** It did not run. */
        STOPPED,
        /** It ran, and the wire or the store did not work. */
        CUT_OFF
    }

    private record Silence(int worker, Cause cause, long from, long to) {}

    private record Emptied(long from, long to) {}

    private final long processTimeout;
    private final List<Silence> silences = new CopyOnWriteArrayList<>();
    private final List<Emptied> emptied = new CopyOnWriteArrayList<>();

    Silences(Duration processTimeout) {
        this.processTimeout = processTimeout.toNanos();
    }

    /** A worker, or {@link #ALL}, was out of the store's hearing. */
    void add(int worker, Cause cause, long from, long to) {
        silences.add(new Silence(worker, cause, from, to));
    }

    /** The store was stopped, forgot everything, and was there again. */
    void emptied(long from, long to) {
        emptied.add(new Emptied(from, to));
    }

    /**
     * Why the store may have ended a hold without a word to its process. A process beats three times in its time-out, so that half
     * of it is the least silence after which it may be dead.
     *
     * @param visit whose hold
     * @param at when it was seen that the hold was over
     * @return as what the overlap counts: {@link Count#OVERLAPS_UNFENCED} if there is no reason
     */
    Count excuse(Visit visit, long at) {
        boolean forgotten = emptied.stream().anyMatch(store -> store.from <= at && visit.askedAt() < store.to);
        if (forgotten || wasSilent(visit, at, Cause.STOPPED)) {
            return Count.OVERLAPS_EXCUSED;
        }
        return wasSilent(visit, at, Cause.CUT_OFF) ? Count.OVERLAPS_CUT_OFF : Count.OVERLAPS_UNFENCED;
    }

    private boolean wasSilent(Visit visit, long at, Cause cause) {
        long deadly = processTimeout / 2;
        int worker = visit.claim().worker();
        return silences.stream()
                .filter(silence -> silence.cause == cause)
                .filter(silence -> silence.worker == ALL || silence.worker == worker)
                .filter(silence -> silence.to - silence.from >= deadly)
                .anyMatch(silence -> silence.from + deadly <= at && visit.askedAt() < silence.to);
    }
}
