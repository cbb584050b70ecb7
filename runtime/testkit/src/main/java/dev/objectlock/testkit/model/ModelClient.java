package dev.objectlock.testkit.model;

import org.jspecify.annotations.Nullable;

/** A client with a session. */
final class ModelClient {

    final String name;
    final String user;

    /** In seconds; 0 is RELEASE, {@link Operation.Open#STAY} for any time. */
    final int grace;

    String engine;

    /** The operation that connected it; null while its connection is lost. */
    @Nullable
    String connection;

    /** Whether its user logged in elsewhere since its connection was lost. */
    boolean userIsBack;

    /** When its grace is over; 0 for never. */
    long graceEnds;

    boolean ended;

    ModelClient(String name, String user, int grace, String engine) {
        this.name = name;
        this.user = user;
        this.grace = grace;
        this.engine = engine;
        this.connection = name;
    }

    /** Whether the kept USER holds of its user live on because of it. */
    boolean keepsUserHolds() {
        return !ended && (connection != null || !userIsBack);
    }
}
