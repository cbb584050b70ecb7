package dev.objectlock.examples.jobslots.ledger;

/** What a worker tells the coordinator, a line each. */
public sealed interface Report {

    /** It has joined the others, and begins when it is answered. */
    record Ready() implements Report {}

    /** It has a slot, and uses it for a task from now on. The fences are those of the lock on the task, and of the slot. */
    record Begins(String task, long fence, long slot) implements Report {}

    /** It does not use the slot any longer, and has not given it back yet. */
    record Ends(String task, long fence, Outcome outcome) implements Report {}

    /** Says it as a line. */
    default String line() {
        if (this instanceof Begins begins) {
            return "begins " + begins.task + " " + begins.fence + " " + begins.slot;
        }
        if (this instanceof Ends ends) {
            return "ends " + ends.task + " " + ends.fence + " " + ends.outcome;
        }
        return "ready";
    }

    /** Reads a line. */
    static Report of(String line) {
        String[] words = line.split(" ");
        return switch (words[0] + " " + (words.length - 1)) {
            case "ready 0" -> new Ready();
            case "begins 3" -> new Begins(words[1], Long.parseLong(words[2]), Long.parseLong(words[3]));
            case "ends 3" -> new Ends(words[1], Long.parseLong(words[2]), Outcome.valueOf(words[3]));
            default -> throw new IllegalArgumentException("a worker says what nobody understands: " + line);
        };
    }
}
