package dev.objectlock.spring.boot.redis;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.redis.RedisLockBackend;
import dev.objectlock.redis.RedisLockBackendBuilder;
import dev.objectlock.spring.boot.ConditionalOnObjectLocks;
import dev.objectlock.spring.boot.ObjectLocksAutoConfiguration;
import java.util.List;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * With {@code objectlock.backend=redis}: locks in the Redis or Valkey of the application, with the settings of its connection
 * factory. A {@link LockBackend} bean of the application's own is used instead.
 */
@AutoConfiguration(
        after = ObjectLocksAutoConfiguration.class,
        afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnObjectLocks
@ConditionalOnProperty(name = "objectlock.backend", havingValue = "redis")
@ConditionalOnClass({RedisLockBackend.class, LettuceConnectionFactory.class})
@ConditionalOnMissingBean(LockBackend.class)
@EnableConfigurationProperties(ObjectLocksRedisProperties.class)
public final class ObjectLocksRedisAutoConfiguration {

    /** For Spring. */
    public ObjectLocksRedisAutoConfiguration() {}

    @Bean
    LocksClient objectLockRedisClient(ObjectProvider<RedisConnectionFactory> factories, ListableBeanFactory beans) {
        RedisConnectionFactory only = factories.getIfUnique();
        if (only == null) {
            throw notOne(beans.getBeanNamesForType(RedisConnectionFactory.class));
        }
        if (only instanceof LettuceConnectionFactory lettuce) {
            return new LocksClient(lettuce);
        }
        throw new LockConfigurationException(
                "objectlock.backend is redis, and the connection factory of the application"
                        + " is a " + only.getClass().getName()
                        + ", but locks need Lettuce: set spring.data.redis.client-type=lettuce, or make a LockBackend bean");
    }

    private static LockConfigurationException notOne(String[] factories) {
        return new LockConfigurationException(
                factories.length == 0
                        ? "objectlock.backend is redis, and there is no connection factory bean: add"
                                + " org.springframework.boot:spring-boot-starter-data-redis, or make a LockBackend bean"
                        : "objectlock.backend is redis, and there are " + factories.length
                                + " connection factory beans, " + List.of(factories)
                                + ": mark one as @Primary, or make a LockBackend bean");
    }

    @Bean
    RedisLockBackend objectLockRedisBackend(LocksClient client, ObjectLocksRedisProperties properties) {
        RedisLockBackendBuilder builder = client.backend();
        properties.applyTo(builder);
        return builder.build();
    }
}
