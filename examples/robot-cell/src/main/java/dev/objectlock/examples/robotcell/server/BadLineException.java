package dev.objectlock.examples.robotcell.server;

/** A line that makes no sense. It is found before anything is done, so nothing is changed. */
final class BadLineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadLineException(String message) {
        super(message);
    }
}
