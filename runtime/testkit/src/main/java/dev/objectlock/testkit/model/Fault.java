package dev.objectlock.testkit.model;

/** What a participant throws that fails. */
final class Fault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Fault(String what) {
        super(what);
    }
}
