package dev.objectlock.redis.faults;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** The counters of a run while it goes on, and the first of each thing that should not be. Thread-safe. */
final class Tally {

    private static final int MOST_NOTES = 5;

    private final Map<Count, LongAdder> counters = new EnumMap<>(Count.class);
    private final Map<String, Long> reasons = new ConcurrentHashMap<>();
    private final Queue<String> notes = new ConcurrentLinkedQueue<>();

    Tally() {
        for (Count count : Count.values()) {
            counters.put(count, new LongAdder());
        }
    }

    void add(Count count) {
        counters.get(count).increment();
    }

    /** Somebody was told of a loss, and why. */
    void lost(String reason) {
        add(Count.LOSSES_TOLD);
        reasons.merge(reason, 1L, Long::sum);
    }

    /** How many losses were told for which reason. */
    Map<String, Long> reasons() {
        return new TreeMap<>(reasons);
    }

    /** Counts what should not be, and says what it was. */
    void add(Count count, String note) {
        add(count);
        if (of(count) <= MOST_NOTES) {
            notes.add(count.words() + ": " + note);
        }
    }

    long of(Count count) {
        return counters.get(count).sum();
    }

    List<String> notes() {
        return List.copyOf(notes);
    }
}
