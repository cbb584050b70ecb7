package dev.objectlock.spring.web;

import dev.objectlock.ClientSession;
import dev.objectlock.weave.ThreadOwner.Caller;
import java.security.Principal;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The client that a WebSocket connection is: among the attributes of its session. */
final class WebSocketClient {

    private static final String ATTRIBUTE = "dev.objectlock.websocket-client";

    private final WebClients clients;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable ClientSession session;
    private @Nullable String login;
    private boolean closed;

    private WebSocketClient(WebClients clients) {
        this.clients = clients;
    }

    /** Puts one among the attributes of a connection that has begun. */
    static void begin(Map<String, Object> attributes, WebClients clients) {
        attributes.put(ATTRIBUTE, new WebSocketClient(clients));
    }

    /** Finds it; null if nobody has put it there. */
    static @Nullable WebSocketClient find(@Nullable Map<String, Object> attributes) {
        return attributes != null && attributes.get(ATTRIBUTE) instanceof WebSocketClient found ? found : null;
    }

    WebClients clients() {
        return clients;
    }

    /** Who sends a message. Who logs in on a connection that is open is another client. */
    Caller of(@Nullable Principal user) {
        lock.lock();
        try {
            if (closed) {
                return Caller.unknown("the connection is closed");
            }
            if (user == null && !clients.allowGuests()) {
                return Caller.unknown("log in before you connect, or set objectlock.guests=allow");
            }
            String name = user == null ? null : user.getName();
            if (session == null || !session.isOpen() || !Objects.equals(name, login)) {
                if (session != null) {
                    session.close();
                }
                session = clients.open(user);
                login = name;
            }
            return Caller.of(session);
        } finally {
            lock.unlock();
        }
    }

    /** The connection is lost. */
    void disconnect() {
        ClientSession known;
        lock.lock();
        try {
            closed = true;
            known = session;
        } finally {
            lock.unlock();
        }
        if (known != null) {
            known.disconnect();
        }
    }
}
