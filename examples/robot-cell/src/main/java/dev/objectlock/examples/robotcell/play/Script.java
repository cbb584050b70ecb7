package dev.objectlock.examples.robotcell.play;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A session file, read: who does what, in which order. The file explains its own form.
 *
 * @param steps the steps in the order of the file
 */
public record Script(List<Step> steps) {

    private static final Pattern LINE = Pattern.compile("(\\S+?)(?:\\s+(begins|ends|hears|sees|dies))?(?::\\s*(.*))?");

    /** What a step does. */
    enum Kind {
        /** Prints a heading. */
        HEADING,
        /** Sends a line and waits for the answer. */
        SAYS,
        /** Sends a line, waits until it is under way, and goes on. */
        BEGINS,
        /** Waits for the answer to what was begun. */
        ENDS,
        /** Waits for a notice. */
        HEARS,
        /** Waits for so many poses. */
        SEES,
        /** Breaks the connection. */
        DIES
    }

    /**
     * One step.
     *
     * @param kind what it does
     * @param operator who does it; empty for a heading
     * @param text the line to send, or what to wait for
     */
    record Step(Kind kind, String operator, String text) {}

    /** Reads a file that lies beside this class. */
    public static Script ofResource(String name) throws IOException {
        InputStream found = Script.class.getResourceAsStream(name);
        if (found == null) {
            throw new IOException("there is no resource " + name);
        }
        List<Step> steps = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(found, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    steps.add(read(line.strip()));
                }
            }
        }
        return new Script(List.copyOf(steps));
    }

    private static Step read(String line) {
        if (line.startsWith("=")) {
            return new Step(Kind.HEADING, "", line.substring(1).strip());
        }
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a line of a session: " + line);
        }
        Kind kind = matcher.group(2) == null
                ? Kind.SAYS
                : Kind.valueOf(matcher.group(2).toUpperCase(Locale.ROOT));
        return new Step(kind, matcher.group(1), matcher.group(3) == null ? "" : matcher.group(3));
    }
}
