package dev.objectlock.examples.robotcell.server;

import java.util.List;
import java.util.function.Function;

/**
 * A verb of the protocol.
 *
 * @param usage how it is written; {@code [WORD]} may be left out, {@code WORD...} is the rest of the line
 * @param meaning what it does, for {@code help}
 * @param needsLogin whether it must be known who asks
 * @param subject which object it is about
 * @param action what it does: checks all its words, and only then changes anything
 */
record Verb(String usage, String meaning, boolean needsLogin, Function<Words, String> subject, Action action) {

    /** What a verb does. */
    @FunctionalInterface
    interface Action {
        Reply run(Connection client, Words words);
    }

    /** A verb for everybody, about no object. */
    static Verb open(String usage, String meaning, Action action) {
        return new Verb(usage, meaning, false, words -> "-", action);
    }

    String name() {
        return usage.split(" ", 2)[0];
    }

    /** Checks only how many words there are. */
    void check(Words words) {
        List<String> wanted = List.of(usage.split(" "));
        int most = wanted.size() - 1;
        int least = most
                - (int) wanted.stream().filter(word -> word.startsWith("[")).count();
        boolean endless = usage.endsWith("...");
        if (words.count() < least || !endless && words.count() > most) {
            throw new BadLineException("write: " + usage);
        }
    }
}
