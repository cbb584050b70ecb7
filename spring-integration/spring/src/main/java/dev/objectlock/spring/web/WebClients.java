package dev.objectlock.spring.web;

import dev.objectlock.ClientSession;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockOwner;
import dev.objectlock.ObjectLocks;
import dev.objectlock.weave.ThreadOwner.Caller;
import dev.objectlock.weave.ThreadOwner.CallerSource;
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
    private static final String ENDED = "the HTTP session has ended; log in again";

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

    /** Who comes with a request, which is found out when a lock is first asked for. */
    CallerSource of(HttpServletRequest request) {
        return new CallerSource() {
            @Override
            public Caller get() {
                Principal user = request.getUserPrincipal();
                HttpSession session = request.getSession(false);
                return of(user, session == null && user == null && guests ? begun(request) : session);
            }

            /** The request itself is used again by its container, for somebody else. */
            @Override
            public CallerSource carried() {
                Principal user = request.getUserPrincipal();
                HttpSession session = request.getSession(false);
                return () -> user == null && session == null && guests
                        ? Caller.unknown(
                                "no HTTP session had begun when the work was handed over; take a lock before, or"
                                        + " begin the session")
                        : of(user, session);
            }
        };
    }

    private Caller of(@Nullable Principal user, @Nullable HttpSession session) {
        if (user == null && !guests) {
            return Caller.unknown("log in first, or set objectlock.guests=allow");
        }
        if (session == null) {
            return withoutSession(user);
        }
        try {
            HttpClient client = clientOf(session);
            ClientSession open = client.of(this, user);
            if (open == null) {
                return Caller.unknown(ENDED);
            }
            // For containers that keep their sessions elsewhere: they see what has changed when it is set again.
            session.setAttribute(ATTRIBUTE, client);
            return Caller.of(open);
        } catch (IllegalStateException invalidated) {
            return Caller.unknown(ENDED);
        } catch (LockBackendException storeIsOut) {
            // Whether work goes on without the store is not decided here.
            return withoutSession(user);
        }
    }

    private static Caller withoutSession(@Nullable Principal user) {
        String request = "request-" + UUID.randomUUID();
        return Caller.of(
                user == null
                        ? LockOwner.guest(request)
                        : LockOwner.user(user.getName()).onClient(request));
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

    /** Whether somebody who is not logged in may take locks. */
    boolean allowGuests() {
        return guests;
    }

    /** Opens a session, for a guest if nobody has logged in. What the user may do is asked of the login. */
    ClientSession open(@Nullable Principal login) {
        return login == null
                ? locks.sessions().open(LockOwner.guest(UUID.randomUUID().toString()))
                : Logins.as(login, () -> locks.sessions().open(login.getName()));
    }

    /** Brings a session back; null if there is none any more. */
    @Nullable
    ClientSession resumed(@Nullable String secret) {
        try {
            return secret == null ? null : locks.sessions().resume(secret);
        } catch (LockAuthenticationException gone) {
            return null;
        }
    }

    ObjectLocks locks() {
        return locks;
    }
}
