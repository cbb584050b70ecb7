package dev.objectlock.examples.robotcell.play;

import dev.objectlock.examples.robotcell.server.Reply;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Prints what happened: time, who, verb, path and result. */
public final class Timeline {

    private final PrintStream out;
    private final long begin = System.nanoTime();

    public Timeline(PrintStream out) {
        this.out = out;
    }

    void heading(String text) {
        out.println(text);
    }

    /** Says what was to be seen. */
    public void end(boolean free) {
        out.println(
                "Seen: whoever is refused learns by whom and for how long, whoever waits gets in as soon as it is free,");
        out.println("and looking and stopping need no lock. All have logged out; "
                + (free ? "nothing is locked." : "something is still locked, which is a bug."));
    }

    void row(long at, String operator, String verb, Reply reply) {
        row(at, operator, verb, reply.path(), reply.status().name().toLowerCase(Locale.ROOT) + ": " + reply.text());
    }

    void row(long at, String operator, String verb, String path, String result) {
        Duration time = Duration.ofNanos(at - begin);
        out.println(String.format(
                Locale.ROOT,
                "  %02d:%02d.%03d  %-7s  %-8s  %-20s  %s",
                time.toMinutes(),
                time.toSecondsPart(),
                time.toMillisPart(),
                operator,
                verb,
                path,
                result));
    }
}
