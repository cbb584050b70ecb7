package dev.objectlock.redis.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a run has seen.
 *
 * @param counts the counters
 * @param reasons how many losses were told for which reason
 * @param problems what must not be, in words; none if all promises were kept
 * @param time how long it took
 */
record Report(Map<Count, Long> counts, Map<String, Long> reasons, List<String> problems, Duration time) {

    private static final List<Count> BROKEN = List.of(Count.OVERLAPS_UNFENCED, Count.SILENT_LOSSES, Count.WRONG);

    static Report of(Tally tally, List<String> problems, Duration time) {
        Map<Count, Long> counts = new EnumMap<>(Count.class);
        for (Count count : Count.values()) {
            counts.put(count, tally.of(count));
        }
        List<String> all = new ArrayList<>(problems);
        BROKEN.stream()
                .filter(count -> tally.of(count) > 0)
                .map(count -> count.words() + ": " + tally.of(count))
                .forEach(all::add);
        all.addAll(tally.notes());
        return new Report(counts, tally.reasons(), List.copyOf(all), time);
    }

    long of(Count count) {
        return counts.get(count);
    }

    private String said(Count count) {
        return count == Count.LOSSES_TOLD && !reasons.isEmpty() ? count.words() + " " + reasons : count.words();
    }

    /** The table. */
    @Override
    public String toString() {
        StringBuilder table = new StringBuilder();
        counts.forEach((count, number) -> table.append(String.format("%,12d  %s%n", number, said(count))));
        table.append(String.format("%,12d  seconds%n", time.toSeconds()));
        problems.forEach(problem -> table.append("  ! ").append(problem).append(System.lineSeparator()));
        return table.toString();
    }
}
