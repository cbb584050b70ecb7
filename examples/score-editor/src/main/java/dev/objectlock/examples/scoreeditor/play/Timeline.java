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

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
}
