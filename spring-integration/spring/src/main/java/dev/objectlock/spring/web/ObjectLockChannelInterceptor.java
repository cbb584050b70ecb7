package dev.objectlock.spring.web;

import dev.objectlock.OwnerContext;
import dev.objectlock.weave.ThreadOwner;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.support.ExecutorChannelInterceptor;

/**
 * Makes each message on the inbound channel of a STOMP broker a flow of the client that sent it, on the thread that handles
 * it. The connection must have gone through {@link ObjectLockWebSocketHandler}. Thread-safe.
 */
public final class ObjectLockChannelInterceptor implements ExecutorChannelInterceptor {

    /** What was bound before, for each message that is being handled on a thread: handlers may send more to the channel. */
    private static final ThreadLocal<Deque<Optional<OwnerContext>>> BEFORE = ThreadLocal.withInitial(ArrayDeque::new);

    /** Creates an interceptor. */
    public ObjectLockChannelInterceptor() {}

    @Override
    public Message<?> beforeHandle(Message<?> message, MessageChannel channel, MessageHandler handler) {
        WebSocketClient client =
                WebSocketClient.find(SimpMessageHeaderAccessor.getSessionAttributes(message.getHeaders()));
        OwnerContext before = client == null
                ? ThreadOwner.current()
                : ThreadOwner.enter(
                        client.clients().locks(),
                        () -> client.of(SimpMessageHeaderAccessor.getUser(message.getHeaders())));
        BEFORE.get().push(Optional.ofNullable(before));
        return message;
    }

    @Override
    public void afterMessageHandled(
            Message<?> message, MessageChannel channel, MessageHandler handler, @Nullable Exception failure) {
        Deque<Optional<OwnerContext>> before = BEFORE.get();
        ThreadOwner.restore(before.pop().orElse(null));
        if (before.isEmpty()) {
            BEFORE.remove();
        }
    }
}
