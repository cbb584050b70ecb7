package dev.objectlock.benchmarks.redis;

import java.time.Duration;

/**
 * How long everything is measured.
 *
 * @param rounds how often each case and peer has its turn
 * @param warmUp not measured, before each turn
 * @param measure in each turn
 * @param count after each turn between processes, in which the commands are counted by {@code MONITOR}
 * @param beat how long 10,000 holds are watched
 * @param holds which are these 10,000
 */
record Effort(int rounds, Duration warmUp, Duration measure, Duration count, Duration beat, int holds) {

    /** Some ten minutes in all. */
    static final Effort FULL = new Effort(
            3,
            Duration.ofMillis(1_500),
            Duration.ofMillis(1_000),
            Duration.ofMillis(500),
            Duration.ofSeconds(30),
            10_000);

    /** Says it for people. */
    String describe() {
        return "%d rounds and one before them; in each turn %d ms of warm-up, %d ms measured, and between processes %d ms in which commands are counted; holds kept alive for %d s"
                .formatted(rounds, warmUp.toMillis(), measure.toMillis(), count.toMillis(), beat.toSeconds());
    }
}
