package dev.objectlock.examples.jobslots.play;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;

/**
 * How long and with how many it is played.
 *
 * @param prefix what all names in Redis begin with; two plays with the same would share the slots
 * @param night whose tasks they are
 * @param workers their names, a letter each
 * @param threads how many tasks a worker works on at a time
 * @param tasks how many there are
 * @param work how long one takes, on average
 * @param timeout after how long a silence the store takes a worker for dead
 */
public record Settings(
        String prefix, String night, List<String> workers, int threads, int tasks, Duration work, Duration timeout) {

    /** What main plays: 40 threads for 20 slots. The timeout is 30 s by itself; nobody wants to look on for that long. */
    public static Settings full() {
        return new Settings(
                ownPrefix(),
                LocalDate.now(ZoneId.systemDefault()).toString(),
                List.of("A", "B", "C", "D"),
                10,
                300,
                Duration.ofMillis(700),
                Duration.ofSeconds(3));
    }

    /** A prefix that no other play has, so that it finds all tasks undone and all slots free. */
    public static String ownPrefix() {
        return "job-slots-" + UUID.randomUUID();
    }
}
