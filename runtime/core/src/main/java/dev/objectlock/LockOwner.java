package dev.objectlock;

import org.jspecify.annotations.Nullable;

/**
 * Who asks: a user, a client (one connection) and a flow (one execution).
 *
 * <p>The names come from the server or from a secret, never from a value that a request can claim. Immutable and
 * thread-safe.
 *
 * @param user the authenticated name, or null for nobody in particular
 * @param client the connection, or null for the process itself
 * @param flow the execution, or null where none has begun
 */
public record LockOwner(@Nullable String user, @Nullable String client, @Nullable String flow) {

    private static final String APPLICATION = "application:";
    private static final String GUEST = "guest:";

    /**
     * Returns a user who comes without a client, and so has the process as client.
     *
     * @param name the authenticated name
     * @return the owner
     * @throws LockConfigurationException if the name is empty, or belongs to an application or a guest
     */
    public static LockOwner user(String name) {
        if (name.isBlank()) {
            throw new LockConfigurationException("a user name must not be blank; for nobody use LockOwner.nobody()");
        }
        if (name.startsWith(APPLICATION)) {
            throw new LockConfigurationException("the user name '" + name + "' is kept for the application itself; use"
                    + " LockOwner.application(\"" + name.substring(APPLICATION.length()) + "\")");
        }
        if (name.startsWith(GUEST)) {
            throw new LockConfigurationException("the user name '" + name + "' is kept for guests, who are nobody in"
                    + " particular; use LockOwner.guest(\"" + name.substring(GUEST.length()) + "\")");
        }
        return new LockOwner(name, null, null);
    }

    /**
     * Returns a user whom nobody has authenticated, under a made-up name. It is never the same as a user of that name.
     *
     * @param name made up by the server, and never again
     * @return the owner, with the user {@code guest:name}
     */
    public static LockOwner guest(String name) {
        return new LockOwner(GUEST + name, null, null);
    }

    /**
     * Returns the application itself under a made-up name. It is never the same as a user of that name, and lives with
     * the process.
     *
     * @param name for instance {@code server}
     * @return the owner, with the user {@code application:server}
     */
    public static LockOwner application(String name) {
        return new LockOwner(APPLICATION + name, null, null);
    }

    /**
     * Returns an owner without a user: it can use monitors, and nothing else.
     *
     * @return the owner
     */
    public static LockOwner nobody() {
        return new LockOwner(null, null, null);
    }

    /**
     * Returns the same user on a client.
     *
     * @param name the client's name, from the server
     * @return the owner
     */
    public LockOwner onClient(String name) {
        return new LockOwner(user, name, flow);
    }

    /**
     * Returns the same user and client in a flow.
     *
     * @param id the flow's id
     * @return the owner
     */
    public LockOwner inFlow(String id) {
        return new LockOwner(user, client, id);
    }

    /**
     * Returns whether this is the application and not a person.
     *
     * @return true for what {@link #application} returned
     */
    public boolean isApplication() {
        return user != null && user.startsWith(APPLICATION);
    }

    /**
     * Returns whether two owners are the same user. Nobody is the same user as nobody.
     *
     * @param other the other owner
     * @return true if both have the same user
     */
    public boolean isSameUser(LockOwner other) {
        return user != null && user.equals(other.user);
    }

    /**
     * Returns whether two owners are the same user on the same client.
     *
     * @param other the other owner
     * @return true if both have the same user and the same client
     */
    public boolean isSameClient(LockOwner other) {
        return isSameUser(other) && java.util.Objects.equals(client, other.client);
    }

    /**
     * Returns whether two owners are one execution: user, client and flow id are all the same.
     *
     * @param other the other owner
     * @return true if nothing differs and there is a flow
     */
    public boolean isSameFlow(LockOwner other) {
        return flow != null && equals(other);
    }

    /**
     * Names the owner for people: {@code alice}, {@code nobody (flow 3f2a-12)}.
     *
     * @return the user, or the flow where there is no user
     */
    public String name() {
        return user != null ? user : flow == null ? "nobody" : "nobody (flow " + flow + ")";
    }

    /**
     * Names the owner for somebody else: another user is told no client, the same user is.
     *
     * @param reader who will read it
     * @return {@code alice}; to alice herself {@code alice on client c1}, or {@code alice in another flow}
     */
    public String nameFor(LockOwner reader) {
        if (client == null || !isSameUser(reader)) {
            return name();
        }
        return isSameClient(reader) ? name() + " in another flow" : name() + " on client " + client;
    }
}
