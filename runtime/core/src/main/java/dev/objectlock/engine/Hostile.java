package dev.objectlock.engine;

import org.slf4j.Logger;

/** A failure of foreign code may be as hostile as that: what it says of itself may fail in turn. */
final class Hostile {

    private Hostile() {}

    static String describe(Throwable failure) {
        try {
            return failure.toString();
        } catch (RuntimeException | Error hostile) {
            return failure.getClass().getName();
        }
    }

    static void log(Logger log, String message, Throwable failure) {
        try {
            log.error(message, failure);
        } catch (RuntimeException | Error hostile) {
            log.error("{}: {}", message, failure.getClass().getName());
        }
    }
}
