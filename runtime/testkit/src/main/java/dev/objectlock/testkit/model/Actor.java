package dev.objectlock.testkit.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One flow of one owner, in one engine.
 *
 * @param name its name in a history
 * @param engine in which engine it asks
 * @param user its user, or null
 * @param client its client
 * @param session the session by which it came, or null
 * @param connection the operation that connected that session here, or null
 */
record Actor(
        String name,
        String engine,
        @Nullable String user,
        String client,
        @Nullable String session,
        @Nullable String connection) {

    /** The engine that lives as long as a history. */
    static final String FIRST = "A";

    /** The engine that may be closed on the way. */
    static final String SECOND = "B";

    /** Who may take locks away. */
    static final Actor OVERRIDER = new Actor("su", FIRST, "su", "c0", null, null);

    /** Those who are there from the beginning. */
    static final List<Actor> RESIDENTS = List.of(
            OVERRIDER,
            of("alice/c1#1", FIRST, "alice", "c1"),
            of("alice/c1#2", FIRST, "alice", "c1"),
            of("alice/c2#1", FIRST, "alice", "c2"),
            of("alice#1", FIRST, "alice", process(FIRST)),
            of("bob/c3#1", FIRST, "bob", "c3"),
            of("bob/c3#2", FIRST, "bob", "c3"),
            of("nobody#1", FIRST, null, process(FIRST)),
            of("nobody#2", FIRST, null, process(FIRST)),
            of("alice/c1@B#1", SECOND, "alice", "c1"),
            of("bob@B#1", SECOND, "bob", process(SECOND)),
            of("nobody@B#1", SECOND, null, process(SECOND)));

    private static Actor of(String name, String engine, @Nullable String user, String client) {
        return new Actor(name, engine, user, client, null, null);
    }

    /** The client of whoever comes without one. */
    static String process(String engine) {
        return "process " + engine;
    }

    /** The flows of a session that was connected: two. */
    static List<Actor> ofSession(String engine, String user, String session, String connection) {
        return List.of(
                new Actor(connection + "#1", engine, user, session, session, connection),
                new Actor(connection + "#2", engine, user, session, session, connection));
    }

    boolean isSameUser(Actor other) {
        return user != null && user.equals(other.user);
    }

    boolean isSameClient(Actor other) {
        return isSameUser(other) && client.equals(other.client);
    }

    @Override
    public String toString() {
        return name;
    }
}
