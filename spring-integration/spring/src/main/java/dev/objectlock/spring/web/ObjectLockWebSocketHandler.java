package dev.objectlock.spring.web;

import dev.objectlock.OwnerContext;
import dev.objectlock.weave.ThreadOwner;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;

/**
 * Makes each WebSocket connection a client, and each of its messages a flow. When the connection is lost, its session policy
 * says what becomes of its kept holds.
 *
 * <p>Wrap a handler in it or, with STOMP, add {@code handler -> new ObjectLockWebSocketHandler(handler, clients)} as a
 * decorator factory of the transport, and an {@link ObjectLockChannelInterceptor} to the inbound channel.
 */
public final class ObjectLockWebSocketHandler extends WebSocketHandlerDecorator {

    private final WebClients clients;

    /**
     * Wraps a handler.
     *
     * @param handler the handler
     * @param clients who may come
     */
    public ObjectLockWebSocketHandler(WebSocketHandler handler, WebClients clients) {
        super(handler);
        this.clients = clients;
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) throws Exception {
        WebSocketClient.begin(session.getAttributes(), clients);
        inFlow(session, () -> super.afterConnectionEstablished(session));
    }

    @Override
    public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) throws Exception {
        inFlow(session, () -> super.handleMessage(session, message));
    }

    @Override
    public void afterConnectionClosed(WebSocketSession session, CloseStatus status) throws Exception {
        try {
            super.afterConnectionClosed(session, status);
        } finally {
            WebSocketClient client = WebSocketClient.find(session.getAttributes());
            if (client != null) {
                client.disconnect();
            }
        }
    }

    private void inFlow(WebSocketSession session, Work work) throws Exception {
        WebSocketClient client = WebSocketClient.find(session.getAttributes());
        if (client == null) {
            work.run();
            return;
        }
        OwnerContext before = ThreadOwner.enter(clients.locks(), () -> client.of(session.getPrincipal()));
        try {
            work.run();
        } finally {
            ThreadOwner.restore(before);
        }
    }

    /** What the handler does. */
    private interface Work {
        void run() throws Exception;
    }
}
