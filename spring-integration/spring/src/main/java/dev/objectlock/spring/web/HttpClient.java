package dev.objectlock.spring.web;

import dev.objectlock.ClientSession;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.ObjectLocks;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.io.Serializable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The client that an HTTP session is: an attribute of that session, so it goes where the session goes, also to another
 * process, and ends where the session ends.
 */
final class HttpClient implements HttpSessionBindingListener, Serializable {

    private static final long serialVersionUID = 1L;

    private final ReentrantLock lock = new ReentrantLock();

    /** At a login some containers copy what a session has into a new one: it is then in two for a while, or in none. */
    private final AtomicInteger sessions = new AtomicInteger();

    private @Nullable String user;
    private @Nullable String guest;
    private @Nullable String secret;
    private transient @Nullable ClientSession client;

    /** Returns the session of this client, for whoever is logged in. */
    ClientSession of(ObjectLocks locks, @Nullable String name) {
        lock.lock();
        try {
            String wanted = name != null ? name : guestName();
            if (!wanted.equals(user)) {
                // Somebody else has logged in on this screen: what the one before kept is not theirs.
                end();
            }
            ClientSession known = client;
            if (known == null || !known.isOpen()) {
                known = resumed(locks);
                if (known == null) {
                    known = locks.sessions().open(wanted);
                }
                client = known;
                user = wanted;
                secret = known.id();
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    private String guestName() {
        String known = guest;
        if (known == null) {
            known = WebClients.guestName();
            guest = known;
        }
        return known;
    }

    /** Where the HTTP session has come from another process, so has its client; one that was thrown out does not come back. */
    private @Nullable ClientSession resumed(ObjectLocks locks) {
        String known = secret;
        try {
            return known == null ? null : locks.sessions().resume(known);
        } catch (LockAuthenticationException gone) {
            return null;
        }
    }

    @Override
    public void valueBound(HttpSessionBindingEvent event) {
        sessions.incrementAndGet();
    }

    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
        if (sessions.decrementAndGet() == 0 && !EndedInRequest.add(this)) {
            // Nobody asked for it: the session has run out of time, or the server stops.
            ClientSession known = client;
            if (known != null) {
                known.disconnect();
            }
        }
    }

    /** The request in which it was taken out of a session is over. */
    void endIfInNone() {
        if (sessions.get() == 0) {
            lock.lock();
            try {
                end();
            } finally {
                lock.unlock();
            }
        }
    }

    private void end() {
        ClientSession known = client;
        client = null;
        secret = null;
        user = null;
        if (known != null) {
            known.close();
        }
    }
}
