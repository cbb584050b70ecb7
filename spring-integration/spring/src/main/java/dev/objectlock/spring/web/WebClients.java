package dev.objectlock.spring.web;

import dev.objectlock.ClientSession;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockOwner;
import dev.objectlock.ObjectLocks;
import dev.objectlock.weave.ThreadOwner.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Knows the clients that come over the web. Thread-safe; one for each engine.
 *
 * <ul>
 *   <li>A user whom the container or Spring Security has authenticated is that user. Each HTTP session is a client, also
 *       when its id changes at login; its kept holds end with it. Logging out, or whatever else ends the session in a
 *       request, is a logout; when it runs out of time, its {@link dev.objectlock.SessionPolicy} decides.
 *   <li>A user without an HTTP session, as with tokens, has a client for each request: what is kept then is kept by the
 *       user, and for CLIENT locks by nobody who could come back.
 *   <li>Nobody in particular is a guest, if guests are allowed: a user of its own for each HTTP session, which is begun for
 *       that. Otherwise it may take no lock.
 * </ul>
 */
public final class WebClients {

    private static final String ATTRIBUTE = "dev.objectlock.client";

    private final ObjectLocks locks;
    private final boolean guests;
    private final ReentrantLock adding = new ReentrantLock();

    /**
     * Creates them.
     *
     * @param locks the engine
     * @param guests whether somebody who is not logged in may take locks
     */
    public WebClients(ObjectLocks locks, boolean guests) {
        this.locks = locks;
        this.guests = guests;
    }

    /**
     * Returns who comes with a request. Called when a lock is first asked for.
     *
     * @param request the request
     * @return the user on its client
     */
    Caller of(HttpServletRequest request) {
        Principal user = request.getUserPrincipal();
        HttpSession session = request.getSession(false);
        if (user == null && !guests) {
            return Caller.unknown("log in first, or set objectlock.guests=allow");
        }
        if (user != null && session == null) {
            return Caller.of(LockOwner.user(user.getName()).onClient("request-" + UUID.randomUUID()));
        }
        HttpSession known = session != null ? session : begun(request);
        HttpClient client = clientOf(known);
        ClientSession open = client.of(locks, user == null ? null : user.getName());
        // For containers that keep their sessions elsewhere: they see what has changed when it is set again.
        known.setAttribute(ATTRIBUTE, client);
        return Caller.of(open);
    }

    private static HttpSession begun(HttpServletRequest request) {
        try {
            return request.getSession(true);
        } catch (IllegalStateException tooLate) {
            throw new LockAuthenticationException(
                    "this request has no HTTP session, and one cannot begin once the response has: a guest's first lock must"
                            + " be taken before anything is written",
                    tooLate);
        }
    }

    /** Only putting it there is done under a lock: to open a session may take a while. */
    private HttpClient clientOf(HttpSession session) {
        if (session.getAttribute(ATTRIBUTE) instanceof HttpClient known) {
            return known;
        }
        adding.lock();
        try {
            if (session.getAttribute(ATTRIBUTE) instanceof HttpClient known) {
                return known;
            }
            HttpClient made = new HttpClient();
            session.setAttribute(ATTRIBUTE, made);
            return made;
        } finally {
            adding.unlock();
        }
    }

    /**
     * Opens a session for somebody who is no HTTP session.
     *
     * @param user the name, or null
     * @return null if it may take no lock
     */
    @Nullable
    ClientSession open(@Nullable String user) {
        if (user == null && !guests) {
            return null;
        }
        return locks.sessions().open(user != null ? user : guestName());
    }

    static String guestName() {
        return "guest-" + UUID.randomUUID().toString().substring(0, 8);
    }

    ObjectLocks locks() {
        return locks;
    }
}
