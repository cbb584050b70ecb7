package dev.objectlock.spring.boot.actuate;

import dev.objectlock.ObjectLocks;
import dev.objectlock.spring.OverridingApplication;
import dev.objectlock.spring.boot.ConditionalOnObjectLocks;
import dev.objectlock.spring.boot.ObjectLocksAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The endpoint, where it is exposed, and its right to take locks away. */
@AutoConfiguration(after = ObjectLocksAutoConfiguration.class)
@ConditionalOnObjectLocks
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(ObjectLocks.class)
@ConditionalOnAvailableEndpoint(ObjectLocksEndpoint.class)
public final class ObjectLocksEndpointAutoConfiguration {

    /** For Spring. */
    public ObjectLocksEndpointAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    ObjectLocksEndpoint objectLocksEndpoint(ObjectLocks locks) {
        return new ObjectLocksEndpoint(locks, ObjectLocksEndpoint.APPLICATION);
    }

    @Bean
    OverridingApplication objectLocksEndpointApplication() {
        return ObjectLocksEndpoint.APPLICATION;
    }
}
