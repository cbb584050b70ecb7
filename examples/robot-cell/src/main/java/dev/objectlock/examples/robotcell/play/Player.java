package dev.objectlock.examples.robotcell.play;

import dev.objectlock.examples.robotcell.play.Operator.Answer;
import dev.objectlock.examples.robotcell.play.Script.Step;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plays a script over real sockets, one step after the other, so that it comes out the same each time. */
public final class Player implements AutoCloseable {

    private static final String QUIT = "quit";

    /** So that whoever waits for a lock of the connection that breaks is seen to wait. */
    private static final long MILLIS_BEFORE_DEATH = 200;

    private final int port;
    private final Timeline timeline;
    private final Map<String, Operator> operators = new LinkedHashMap<>();
    private final Map<String, String> begun = new HashMap<>();

    public Player(int port, Timeline timeline) {
        this.port = port;
        this.timeline = timeline;
    }

    /** Plays all steps and logs everybody out. */
    public void play(Script script) throws IOException, InterruptedException {
        for (Step step : script.steps()) {
            play(step);
        }
        for (Operator operator : operators.values()) {
            operator.ask(QUIT);
        }
    }

    private void play(Step step) throws IOException, InterruptedException {
        String name = step.operator();
        switch (step.kind()) {
            case HEADING -> timeline.heading(step.text());
            case SAYS -> {
                row(name, verb(step.text()), operator(name).ask(step.text()));
                if (step.text().equals(QUIT)) {
                    operators.remove(name);
                }
            }
            case BEGINS -> {
                operator(name).begin(step.text());
                begun.put(name, verb(step.text()));
            }
            case ENDS -> row(name, begun.remove(name), operator(name).answer());
            case HEARS -> row(name, "<-", operator(name).notice());
            case SEES -> {
                int poses = Integer.parseInt(step.text());
                operator(name).awaitPoses(poses);
                timeline.row(System.nanoTime(), name, "<-", "-", poses + " poses came in meanwhile");
            }
            case DIES -> {
                Thread.sleep(MILLIS_BEFORE_DEATH);
                operator(name).die();
                operators.remove(name);
                timeline.row(System.nanoTime(), name, "-", "-", "the connection breaks");
            }
        }
    }

    private void row(String name, @Nullable String verb, Answer answer) {
        if (verb == null) {
            throw new IllegalArgumentException(name + " ends what was not begun");
        }
        timeline.row(answer.at(), name, verb, answer.reply());
    }

    private Operator operator(String name) throws IOException {
        Operator known = operators.get(name);
        if (known == null) {
            known = new Operator(port);
            operators.put(name, known);
        }
        return known;
    }

    private static String verb(String line) {
        return line.split(" ", 2)[0];
    }

    @Override
    public void close() throws IOException {
        for (Operator operator : operators.values()) {
            operator.close();
        }
    }
}
