package dev.objectlock.engine;

import dev.objectlock.ClientSession;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockOwner;
import dev.objectlock.Privilege;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who came in, and what they may do. Immutable.
 *
 * @param owner the user and client, without a flow
 * @param session the session, or null for one who came without
 * @param privileges what they may do
 * @param barred why they may take no lock at all, not even a monitor; null if they may
 * @param isEntered whether somebody came in, and this is not just a thread
 */
public record Entrance(
        LockOwner owner,
        @Nullable Session session,
        Set<Privilege> privileges,
        @Nullable String barred,
        boolean isEntered) {

    /** Of a thread that entered no owner. */
    static final Entrance NOBODY = new Entrance(LockOwner.nobody(), null, Set.of(), null, false);

    /** A session has been asked for its privileges when it was opened. */
    static Entrance of(Engine engine, LockOwner owner, @Nullable Session session) {
        return new Entrance(
                owner, session, session != null ? session.privileges() : engine.privilegesOf(owner), null, true);
    }

    /**
     * Somebody with a session.
     *
     * @param session a session of the engine that is entered
     * @return the entrance
     */
    public static Entrance of(ClientSession session) {
        if (!(session instanceof Session known)) {
            throw new LockConfigurationException("a session is what ObjectLocks.sessions() opened, not a "
                    + session.getClass().getName());
        }
        known.checkOpen();
        return new Entrance(known.owner(), known, known.privileges(), null, true);
    }

    /**
     * Somebody without a session.
     *
     * @param engine the engine that is entered
     * @param owner the user, and the client if there is one
     * @return the entrance
     */
    public static Entrance of(Engine engine, LockOwner owner) {
        return of(engine, engine.withClient(owner), null);
    }

    /**
     * Somebody who may take no lock.
     *
     * @param engine the engine that is entered
     * @param why what to do about it
     * @return the entrance
     */
    public static Entrance barred(Engine engine, String why) {
        return new Entrance(engine.withClient(LockOwner.nobody()), null, Set.of(), why, true);
    }

    /** Of a thread that entered nobody, but is known to work for somebody. */
    static Entrance ofThread(Engine engine, LockOwner owner) {
        return new Entrance(owner, null, engine.privilegesOf(owner), null, false);
    }

    boolean isOf(LockOwner other) {
        return owner.equals(other);
    }
}
