package dev.objectlock.spring.web;

import dev.objectlock.ClientSession;
import java.io.Serializable;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** The session of one user in one HTTP session. Guarded by the lock of its {@link HttpClient}. */
final class Visit implements Serializable {

    private static final long serialVersionUID = 1L;

    private @Nullable String name;
    private @Nullable String secret;
    private transient @Nullable ClientSession session;

    /**
     * Returns the session, for whoever is there now.
     *
     * @param clients opens it
     * @param login who has logged in, or null for a guest
     * @return a session that is open
     */
    ClientSession of(WebClients clients, @Nullable Principal login) {
        if (login != null && !login.getName().equals(name)) {
            // Somebody else has logged in on this screen: what the one before kept is not theirs.
            end();
        }
        ClientSession known = session;
        if (known == null || !known.isOpen()) {
            // Where the HTTP session has come from another process, so has its client; one that was thrown out is gone.
            known = clients.resumed(secret);
            if (known == null) {
                known = clients.open(login);
            }
            session = known;
            secret = known.id();
            name = login == null ? null : login.getName();
        }
        return known;
    }

    void disconnect() {
        ClientSession known = session;
        if (known != null) {
            known.disconnect();
        }
    }

    void end() {
        ClientSession known = session;
        session = null;
        secret = null;
        name = null;
        if (known != null) {
            known.close();
        }
    }
}
