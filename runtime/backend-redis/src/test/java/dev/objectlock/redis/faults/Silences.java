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

    private record Silence(int worker, long from, long to) {}

    private record Emptied(long from, long to) {}

    private final long processTimeout;
    private final List<Silence> silences = new CopyOnWriteArrayList<>();
    private final List<Emptied> emptied = new CopyOnWriteArrayList<>();

    Silences(Duration processTimeout) {
        this.processTimeout = processTimeout.toNanos();
    }

    /** A worker, or {@link #ALL}, was out of the store's hearing. */
    void add(int worker, long from, long to) {
        silences.add(new Silence(worker, from, to));
    }

    /** The store was stopped, forgot everything, and was there again. */
    void emptied(long from, long to) {
        emptied.add(new Emptied(from, to));
    }

    /**
     * Whether the store had a reason to end a hold without a word to its process. A process beats three times in its time-out, so
     * that half of it is the least silence after which it may be dead.
     *
     * @param visit whose hold
     * @param at when it was seen that the hold was over
     */
    boolean excuse(Visit visit, long at) {
        return emptied.stream().anyMatch(store -> store.from <= at && visit.askedAt() < store.to)
                || wasSilent(visit, at);
    }

    private boolean wasSilent(Visit visit, long at) {
        long deadly = processTimeout / 2;
        int worker = visit.claim().worker();
        return silences.stream()
                .filter(silence -> silence.worker == ALL || silence.worker == worker)
                .filter(silence -> silence.to - silence.from >= deadly)
                .anyMatch(silence -> silence.from + deadly <= at && visit.askedAt() < silence.to);
    }
}
