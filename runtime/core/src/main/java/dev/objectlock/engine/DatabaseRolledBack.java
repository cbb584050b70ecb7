package dev.objectlock.engine;

/** Why work counts as failed although its body returned. */
public final class DatabaseRolledBack extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates it. */
    public DatabaseRolledBack() {
        super("the database transaction around the call was rolled back", null, true, false);
    }
}
