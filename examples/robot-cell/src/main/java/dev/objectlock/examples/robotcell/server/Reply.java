package dev.objectlock.examples.robotcell.server;

import java.util.Locale;

/**
 * The answer to a line: {@code refused cell:1/robot locked by alice ...}.
 *
 * @param status how it went
 * @param path the object it is about, or {@code -}
 * @param text more, for people
 */
public record Reply(Status status, String path, String text) {

    /** How it went. */
    public enum Status {
        /** Done. */
        OK,
        /** Somebody's lock is in the way, or a right is missing. */
        REFUSED,
        /** The client had a lock and does not have it any more. */
        LOST,
        /** The robot was stopped. */
        STOPPED,
        /** The line makes no sense; nothing was changed. */
        ERROR
    }

    private static final String NOWHERE = "-";

    static Reply ok(String text) {
        return new Reply(Status.OK, NOWHERE, text);
    }

    static Reply refused(String text) {
        return new Reply(Status.REFUSED, NOWHERE, text);
    }

    static Reply lost(String text) {
        return new Reply(Status.LOST, NOWHERE, text);
    }

    static Reply error(String text) {
        return new Reply(Status.ERROR, NOWHERE, text);
    }

    static Reply failed(Status status, Exception cause) {
        return new Reply(status, NOWHERE, String.valueOf(cause.getMessage()));
    }

    Reply at(String place) {
        return new Reply(status, place, text);
    }

    /** Reads what {@link #toString} writes. */
    public static Reply parse(String line) {
        String[] parts = line.split(" ", 3);
        return new Reply(Status.valueOf(parts[0].toUpperCase(Locale.ROOT)), parts[1], parts[2]);
    }

    /** The line that is sent. */
    @Override
    public String toString() {
        return status.name().toLowerCase(Locale.ROOT) + " " + path + " " + text;
    }
}
