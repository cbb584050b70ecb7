package dev.objectlock.examples.robotcell.server;

import dev.objectlock.ObjectLocks;
import dev.objectlock.examples.robotcell.cell.Cell;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All verbs, and the reading of lines. */
final class Verbs {

    private static final String STOP = "stop";

    /** How much of an unknown verb is said back. */
    private static final int LONGEST = 20;

    private final Map<String, Verb> byName = new LinkedHashMap<>();

    Verbs(Cell cell, ObjectLocks locks) {
        add(Verb.open("login NAME", "says who you are; this example asks for no password", Verbs::login));
        new LockVerbs(cell, locks).all().forEach(this::add);
        new CellVerbs(cell, locks).all().forEach(this::add);
        add(Verb.open("help", "lists the verbs", this::help));
        add(Verb.open("quit", "logs out; locks end with a user's last connection", (client, words) -> {
            client.quit();
            return Reply.ok("bye");
        }));
    }

    private void add(Verb verb) {
        byName.put(verb.name(), verb);
    }

    /** A line, understood. */
    record Command(Verb verb, Words words) {

        Reply run(Connection client) {
            return verb.action().run(client, words);
        }

        String subject() {
            return verb.subject().apply(words);
        }
    }

    /** An emergency stop does not queue behind the motion that it is to stop, and nobody in a hurry spells well. */
    boolean isUrgent(String line) {
        return words(line).get(0).equalsIgnoreCase(STOP);
    }

    Command parse(String line) {
        List<String> words = isUrgent(line) ? List.of(STOP) : words(line);
        Verb verb = byName.get(words.get(0).toLowerCase(Locale.ROOT));
        if (verb == null) {
            String word = words.get(0);
            String shown = word.length() <= LONGEST ? word : word.substring(0, LONGEST) + "...";
            throw new BadLineException("there is no verb '" + shown + "'; try help");
        }
        Words rest = Words.of(words.subList(1, words.size()));
        verb.check(rest);
        return new Command(verb, rest);
    }

    private static List<String> words(String line) {
        return Arrays.asList(line.trim().split("\\s+"));
    }

    private static Reply login(Connection client, Words words) {
        return client.login(words.name(0, "NAME"));
    }

    private Reply help(Connection client, Words words) {
        for (Verb verb : byName.values()) {
            client.progress(String.format("%-27s %s", verb.usage(), verb.meaning()));
        }
        return Reply.ok(byName.size() + " verbs");
    }
}
