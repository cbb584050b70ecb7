package dev.objectlock.spring.boot.actuate;

import dev.objectlock.ObjectLocks;
import dev.objectlock.spring.boot.ConditionalOnObjectLocks;
import dev.objectlock.spring.boot.ObjectLocksAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health of the store, unless {@code management.health.objectlocks.enabled=false}. */
@AutoConfiguration(after = ObjectLocksAutoConfiguration.class)
@ConditionalOnObjectLocks
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(ObjectLocks.class)
@ConditionalOnEnabledHealthIndicator("objectlocks")
public final class ObjectLocksHealthAutoConfiguration {

    /** For Spring. */
    public ObjectLocksHealthAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(name = {"objectlocksHealthIndicator", "objectlocksHealthContributor"})
    HealthIndicator objectlocksHealthIndicator(ObjectLocks locks) {
        return new ObjectLocksHealthIndicator(locks);
    }
}
