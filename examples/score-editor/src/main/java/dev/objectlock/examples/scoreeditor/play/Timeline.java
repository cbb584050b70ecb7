package dev.objectlock.examples.scoreeditor.play;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Prints what happened: time, who, what they did, where, and what came of it. */
public final class Timeline {

    private final PrintStream out;
    private final long begin = System.nanoTime();

    public Timeline(PrintStream out) {
        this.out = out;
    }

    void heading(String text) {
        out.println(text);
    }

    void row(long at, String who, String verb, String where, String text) {
        Duration time = Duration.ofNanos(at - begin);
        out.println(String.format(
                        Locale.ROOT,
                        "  %02d:%02d.%03d  %-6s  %-6s  %-20s  %s",
                        time.toMinutes(),
                        time.toSecondsPart(),
                        time.toMillisPart(),
                        who,
                        verb,
                        where,
                        text)
                .stripTrailing());
    }

    /** As people say it: {@code 12 ms}, {@code 1.0 s}. */
    static String text(Duration time) {
        return time.compareTo(Duration.ofSeconds(1)) < 0
                ? time.toMillis() + " ms"
                : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
}
