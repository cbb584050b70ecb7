package dev.objectlock.redis;

import java.util.List;

/** What the script answered: texts, numbers and lists of texts. */
record Reply(List<?> parts) {

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Returns whether the first part is a certain word. */
    boolean is(String word) {
        return !parts.isEmpty() && word.equals(parts.get(0));
    }

    String text(int at) {
        return String.valueOf(parts.get(at));
    }

    int number(int at) {
        return Integer.parseInt(text(at));
    }

    List<String> texts() {
        return texts(parts);
    }

    List<String> texts(int at) {
        return texts((List<?>) parts.get(at));
    }

    private static List<String> texts(List<?> list) {
        return list.stream().map(String::valueOf).toList();
    }
}
