package dev.objectlock.examples.robotcell.server;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The words of a line behind the verb. */
record Words(List<String> words) {

    static Words of(List<String> words) {
        return new Words(List.copyOf(words));
    }

    int count() {
        return words.size();
    }

    String text(int index) {
        return words.get(index);
    }

    String name(int index, String name) {
        if (!words.get(index).matches("[A-Za-z0-9_-]{1,20}")) {
            throw new BadLineException(name + " must be 1 to 20 letters and digits, not '" + words.get(index) + "'");
        }
        return words.get(index);
    }

    /** All words from one on, as they were. */
    String textFrom(int index) {
        return String.join(" ", words.subList(index, words.size()));
    }

    int number(int index, String name, int least, int most) {
        String word = words.get(index);
        try {
            int number = Integer.parseInt(word);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // The error is the same.
        }
        throw new BadLineException(
                name + " must be a whole number from " + least + " to " + most + ", not '" + word + "'");
    }

    <E extends Enum<E>> E oneOf(int index, List<E> choices) {
        String word = words.get(index).toUpperCase(Locale.ROOT);
        return choices.stream()
                .filter(choice -> choice.name().equals(word))
                .findFirst()
                .orElseThrow(() -> notOneOf(index, choices));
    }

    boolean onOrOff(int index) {
        return switch (words.get(index)) {
            case "on" -> true;
            case "off" -> false;
            default -> throw notOneOf(index, Arrays.asList("on", "off"));
        };
    }

    BadLineException notOneOf(int index, Iterable<?> choices) {
        StringBuilder known = new StringBuilder();
        choices.forEach(choice -> known.append(known.isEmpty() ? "" : ", ").append(choice));
        return new BadLineException("'" + words.get(index) + "' is none of: " + known);
    }
}
