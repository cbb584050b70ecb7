package dev.objectlock.redis;

import dev.objectlock.LockBackendException;
import java.util.List;

/** What the script answered: texts, numbers and lists of texts. */
record Reply(List<?> parts) {

    /** What the script lets every reply begin with; then comes the number of parts. */
    private static final char BEGIN = '\u0001';

    /**
     * Reads what the connection has put together. If that broke in the middle of a reply, the reply to the same command, sent
     * again, is put inside of what was there of the first, or mixed with it.
     *
     * @throws LockBackendException if it is not one whole reply
     */
    static Reply whole(List<?> received) {
        List<?> whole = List.of();
        for (Object next = received;
                next instanceof List<?> list && !list.isEmpty();
                next = list.get(list.size() - 1)) {
            if (isBegin(list.get(0))) {
                whole = list;
            }
        }
        if (whole.isEmpty() || !whole.get(0).equals(BEGIN + Integer.toString(whole.size() - 1))) {
            throw new LockBackendException("the connection broke in the middle of a reply", false, null);
        }
        return new Reply(whole.subList(1, whole.size()));
    }

    private static boolean isBegin(Object part) {
        return part instanceof String text && !text.isEmpty() && text.charAt(0) == BEGIN;
    }

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
