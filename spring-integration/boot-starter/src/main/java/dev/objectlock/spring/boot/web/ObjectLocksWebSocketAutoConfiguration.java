package dev.objectlock.spring.boot.web;

import dev.objectlock.spring.boot.ConditionalOnObjectLocks;
import dev.objectlock.spring.web.ObjectLockChannelInterceptor;
import dev.objectlock.spring.web.ObjectLockWebSocketHandler;
import dev.objectlock.spring.web.WebClients;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;

/** STOMP over WebSockets: each connection is a client, and each message a flow. */
@AutoConfiguration(after = ObjectLocksWebAutoConfiguration.class)
@ConditionalOnObjectLocks
@ConditionalOnClass(WebSocketMessageBrokerConfigurer.class)
@ConditionalOnBean(WebClients.class)
public final class ObjectLocksWebSocketAutoConfiguration {

    /** For Spring. */
    public ObjectLocksWebSocketAutoConfiguration() {}

    @Bean
    WebSocketMessageBrokerConfigurer objectLockBrokerConfigurer(WebClients clients) {
        return new WebSocketMessageBrokerConfigurer() {
            @Override
            public void configureWebSocketTransport(WebSocketTransportRegistration transport) {
                transport.addDecoratorFactory(handler -> new ObjectLockWebSocketHandler(handler, clients));
            }

            @Override
            public void configureClientInboundChannel(ChannelRegistration inbound) {
                inbound.interceptors(new ObjectLockChannelInterceptor());
            }
        };
    }
}
