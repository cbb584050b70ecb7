package dev.objectlock.backend;

/** A kept hold as its backend finds it again, wherever it has moved. */
public interface HoldRef {

    /**
     * Returns the name of the hold.
     *
     * @return the id
     */
    String id();
}
