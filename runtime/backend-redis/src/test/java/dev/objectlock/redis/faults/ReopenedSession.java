package dev.objectlock.redis.faults;

import dev.objectlock.ClientSession;
import dev.objectlock.LockBackendException;
import dev.objectlock.ObjectLocks;
import org.jspecify.annotations.Nullable;

/** The session of a user, opened anew whenever it has ended. Used by one thread. */
final class ReopenedSession {

    private final ObjectLocks locks;
    private final String user;
    private @Nullable ClientSession current;

    ReopenedSession(ObjectLocks locks, String user) {
        this.locks = locks;
        this.user = user;
    }

    ClientSession open() {
        if (current == null || !current.isOpen()) {
            current = locks.sessions().open(user);
        }
        return current;
    }

    void close() {
        try {
            if (current != null) {
                current.close();
            }
        } catch (LockBackendException unreachable) {
            // Its process leaves the store in a moment, and takes it along.
        }
    }
}
