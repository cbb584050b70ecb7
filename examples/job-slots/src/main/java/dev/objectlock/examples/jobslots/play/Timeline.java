package dev.objectlock.examples.jobslots.play;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Prints what happened: time, the slots, how many tasks are done, and what is told. */
public final class Timeline {

    private final PrintStream out;
    private final long begin = System.nanoTime();

    public Timeline(PrintStream out) {
        this.out = out;
    }

    void heading(String text) {
        out.println(text);
    }

    void row(String slots, int done, String text) {
        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        out.println(String.format(
                        Locale.ROOT,
                        "  %02d.%01d s  %-20s  %3d done  %s",
                        time.toSeconds(),
                        time.toMillisPart() / 100,
                        slots,
                        done,
                        text)
                .stripTrailing());
    }

    /** As people say it: {@code 1.0 s}. */
    static String text(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
}
