package dev.objectlock.spring.boot;

import dev.objectlock.spring.ObjectLockTaskDecorator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Tasks: what {@code @Async} and the executors of Boot run works for the user who submitted it. Boot applies every {@link
 * org.springframework.core.task.TaskDecorator} bean, so this one goes together with those of the application.
 */
@AutoConfiguration(after = ObjectLocksAutoConfiguration.class)
@ConditionalOnObjectLocks
public final class ObjectLocksTaskAutoConfiguration {

    /** For Spring. */
    public ObjectLocksTaskAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    ObjectLockTaskDecorator objectLockTaskDecorator() {
        return new ObjectLockTaskDecorator();
    }
}
