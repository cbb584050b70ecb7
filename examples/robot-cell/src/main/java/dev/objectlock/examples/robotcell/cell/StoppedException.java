package dev.objectlock.examples.robotcell.cell;

/** A motion did not begin, or did not arrive, because the robot was stopped. */
public final class StoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StoppedException(String message) {
        super(message);
    }
}
