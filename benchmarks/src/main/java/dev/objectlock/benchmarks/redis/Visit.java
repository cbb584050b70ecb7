package dev.objectlock.benchmarks.redis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Somebody had the lock. The times are {@code System.nanoTime}, which on Linux is the same clock in all processes of a
 * machine.
 *
 * @param process who
 * @param entered when it was granted
 * @param released when giving it back began
 */
record Visit(int process, long entered, long released) {

    /** Writes them as one line. */
    static String writeAll(List<Visit> visits) {
        return visits.stream()
                .map(visit -> visit.process + ":" + visit.entered + ":" + visit.released)
                .collect(Collectors.joining(" "));
    }

    static List<Visit> readAll(String line) {
        List<Visit> visits = new ArrayList<>();
        for (String word : line.isEmpty() ? new String[0] : line.split(" ", -1)) {
            String[] parts = word.split(":", -1);
            visits.add(new Visit(Integer.parseInt(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2])));
        }
        return visits;
    }

    /** How long it took from one process to the next, where the one gave back in the time that is measured. */
    static Durations handOvers(List<Visit> visits, long from, long end) {
        List<Visit> inOrder = new ArrayList<>(visits);
        inOrder.sort(Comparator.comparingLong(Visit::entered));
        Durations between = new Durations();
        for (int i = 1; i < inOrder.size(); i++) {
            Visit one = inOrder.get(i - 1);
            Visit next = inOrder.get(i);
            if (one.process != next.process && one.released >= from && one.released < end) {
                between.add(next.entered - one.released);
            }
        }
        return between;
    }
}
