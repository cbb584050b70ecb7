package dev.objectlock.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockPrivilegeException;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OwnerContext;
import dev.objectlock.spring.EnableObjectLocks;
import dev.objectlock.test.ObjectLocksExtension;
import java.security.Principal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.Mockito;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/** A WebSocket connection is a client, and each of its messages a flow. */
@ExtendWith(ObjectLocksExtension.class)
class WebSocketTest {

    private static final LockPath DRAFT = LockPath.of("draft:1");
    private static final Principal ALICE = () -> "alice";

    private ObjectLocks locks;
    private WebClients clients;

    @BeforeEach
    void begin(ObjectLocks engine) {
        locks = engine;
        clients = new WebClients(locks, false);
    }

    @Test
    void aConnectionIsAClientAndItsLossEndsWhatItKept() throws Exception {
        Optional<OwnerContext> before = OwnerContext.bound();
        Keeping keeping = new Keeping();
        ObjectLockWebSocketHandler handler = new ObjectLockWebSocketHandler(keeping, clients);
        WebSocketSession desk = connected();
        WebSocketSession phone = connected();
        handler.afterConnectionEstablished(desk);
        handler.afterConnectionEstablished(phone);
        handler.handleMessage(desk, new TextMessage("keep"));
        LockOwner atDesk = keeping.owner;
        assertThat(atDesk.user()).isEqualTo("alice");
        handler.handleMessage(desk, new TextMessage("look"));
        assertThat(keeping.owner.isSameClient(atDesk)).isTrue();
        assertThat(keeping.owner.flow()).isNotEqualTo(atDesk.flow());
        handler.handleMessage(phone, new TextMessage("look"));
        assertThat(keeping.owner.isSameUser(atDesk)).isTrue();
        assertThat(keeping.owner.isSameClient(atDesk)).isFalse();

        handler.afterConnectionClosed(phone, CloseStatus.NORMAL);
        assertThat(locks.status(DRAFT).isFree()).isFalse();
        handler.afterConnectionClosed(desk, CloseStatus.SESSION_NOT_RELIABLE);
        assertThat(locks.status(DRAFT).isFree()).isTrue();
        assertThat(OwnerContext.bound()).as("the thread afterwards").isEqualTo(before);
    }

    @Test
    void aMessageOnTheInboundChannelIsOfTheConnectionThatSentIt() throws Exception {
        Optional<OwnerContext> before = OwnerContext.bound();
        WebSocketSession session = connected();
        ObjectLockWebSocketHandler connection =
                new ObjectLockWebSocketHandler(new AbstractWebSocketHandler() {}, clients);
        connection.afterConnectionEstablished(session);
        ExecutorSubscribableChannel inbound = new ExecutorSubscribableChannel();
        inbound.addInterceptor(new ObjectLockChannelInterceptor());
        LockOwner[] seen = new LockOwner[3];
        MessageHandler inner = message -> seen[1] = owner();
        ExecutorSubscribableChannel other = new ExecutorSubscribableChannel();
        other.addInterceptor(new ObjectLockChannelInterceptor());
        other.subscribe(inner);
        inbound.subscribe(message -> {
            seen[0] = owner();
            other.send(message);
            seen[2] = owner();
        });

        inbound.send(message(session.getAttributes()));

        assertThat(seen[0].user()).isEqualTo("alice");
        assertThat(seen[1].isSameClient(seen[0])).isTrue();
        assertThat(seen[2]).as("after a message inside a message").isEqualTo(seen[0]);
        assertThat(OwnerContext.bound()).as("the thread afterwards").isEqualTo(before);
        connection.afterConnectionClosed(session, CloseStatus.NORMAL);
    }

    /** The thread of a message knows no login: the connection does. */
    @Test
    void aConnectionHasThePrivilegesOfItsLogin() throws Exception {
        try (var context = new AnnotationConfigApplicationContext(App.class)) {
            locks = context.getBean(ObjectLocks.class);
            clients = new WebClients(locks, false);
            Keeping keeping = new Keeping();
            ObjectLockWebSocketHandler handler = new ObjectLockWebSocketHandler(keeping, clients);
            WebSocketSession eve = connected();
            Mockito.when(eve.getPrincipal()).thenReturn(new TestingAuthenticationToken("eve", "", "reader"));
            WebSocketSession alice = connected();
            Mockito.when(alice.getPrincipal()).thenReturn(new TestingAuthenticationToken("alice", "", "objectlock"));
            handler.afterConnectionEstablished(eve);
            handler.afterConnectionEstablished(alice);
            assertThatExceptionOfType(LockPrivilegeException.class)
                    .isThrownBy(() -> handler.handleMessage(eve, new TextMessage("keep")));
            handler.handleMessage(alice, new TextMessage("keep"));
            assertThat(locks.status(DRAFT).isFree()).isFalse();
        }
    }

    @Configuration
    @EnableObjectLocks
    static class App {}

    private static Message<String> message(Map<String, Object> attributes) {
        SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
        headers.setSessionAttributes(attributes);
        headers.setUser(ALICE);
        return MessageBuilder.createMessage("", headers.getMessageHeaders());
    }

    private static LockOwner owner() {
        return OwnerContext.bound().orElseThrow().owner();
    }

    private static WebSocketSession connected() {
        WebSocketSession session = Mockito.mock(WebSocketSession.class);
        Mockito.when(session.getAttributes()).thenReturn(new HashMap<>());
        Mockito.when(session.getPrincipal()).thenReturn(ALICE);
        return session;
    }

    private final class Keeping extends AbstractWebSocketHandler {

        private LockOwner owner;

        @Override
        public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) {
            owner = owner();
            if (message.getPayload().equals("keep")) {
                locks.acquire(LockRequest.client(DRAFT).keep());
            }
        }

        private LockOwner owner() {
            return WebSocketTest.owner();
        }
    }
}
