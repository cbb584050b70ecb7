package dev.objectlock.spring.boot.redis;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.spring.boot.ConditionalOnObjectLocks;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.util.ClassUtils;

/**
 * With {@code objectlock.backend=redis}, where something is missing for it: the application does not start, since it would
 * otherwise keep its locks in memory and share them with nobody.
 */
@AutoConfiguration(after = ObjectLocksRedisAutoConfiguration.class)
@ConditionalOnObjectLocks
@ConditionalOnProperty(name = "objectlock.backend", havingValue = "redis")
@ConditionalOnMissingBean(LockBackend.class)
public final class ObjectLocksWithoutRedisAutoConfiguration {

    /** For Spring. */
    public ObjectLocksWithoutRedisAutoConfiguration() {}

    @Bean
    LockBackend objectLockRedisBackend(ApplicationContext context) {
        boolean backend = ClassUtils.isPresent("dev.objectlock.redis.RedisLockBackend", context.getClassLoader());
        throw new LockConfigurationException("objectlock.backend is redis, and "
                + (backend
                        ? "Spring Data Redis with Lettuce is not on the class path: add"
                                + " org.springframework.boot:spring-boot-starter-data-redis"
                        : "its backend is not on the class path: add dev.objectlock:objectlock-redis")
                + ", or make a LockBackend bean");
    }
}
