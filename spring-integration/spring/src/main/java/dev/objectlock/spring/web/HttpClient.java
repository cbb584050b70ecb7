package dev.objectlock.spring.web;

import dev.objectlock.ClientSession;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.io.Serializable;
import java.security.Principal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The client that an HTTP session is: an attribute of that session, so it goes where the session goes, also to another
 * process, and ends where the session ends. Whoever has logged in and whoever has not are two.
 */
final class HttpClient implements HttpSessionBindingListener, Serializable {

    private static final long serialVersionUID = 1L;

    private final ReentrantLock lock = new ReentrantLock();

    /** At a login some containers copy what a session has into a new one: it is then in two for a while, or in none. */
    private final AtomicInteger sessions = new AtomicInteger();

    /** It was in one and is in none. */
    private volatile boolean gone;

    private final Visit user = new Visit();
    private final Visit guest = new Visit();

    /**
     * Returns the session of this client.
     *
     * @param clients opens it
     * @param login who has logged in, or null
     * @return null if the HTTP session has ended meanwhile
     */
    @Nullable
    ClientSession of(WebClients clients, @Nullable Principal login) {
        lock.lock();
        try {
            if (gone) {
                return null;
            }
            return login == null ? guest.of(clients, null) : user.of(clients, login);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void valueBound(HttpSessionBindingEvent event) {
        sessions.incrementAndGet();
        gone = false;
    }

    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
        if (sessions.decrementAndGet() > 0) {
            return;
        }
        gone = true;
        if (isTimedOut(event.getSession()) || !EndedInRequest.add(this)) {
            // Nobody asked for it: the session has run out of time, or the server stops.
            lock.lock();
            try {
                user.disconnect();
                guest.disconnect();
            } finally {
                lock.unlock();
            }
        }
    }

    /** A container may find that out in the next request of the session itself. */
    private static boolean isTimedOut(HttpSession session) {
        try {
            int longest = session.getMaxInactiveInterval();
            return longest > 0
                    && System.currentTimeMillis() - session.getLastAccessedTime() >= TimeUnit.SECONDS.toMillis(longest);
        } catch (IllegalStateException gone) {
            return false;
        }
    }

    /** The request in which it was taken out of a session is over. */
    void endIfInNone() {
        lock.lock();
        try {
            if (gone) {
                try {
                    user.end();
                } finally {
                    guest.end();
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
