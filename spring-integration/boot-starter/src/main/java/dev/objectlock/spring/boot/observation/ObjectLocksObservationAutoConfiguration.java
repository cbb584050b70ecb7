package dev.objectlock.spring.boot.observation;

import dev.objectlock.LockObserver;
import dev.objectlock.ObjectLocks;
import dev.objectlock.spring.boot.ConditionalOnObjectLocks;
import dev.objectlock.spring.boot.ObjectLocksAutoConfiguration;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Observations of annotated calls, which Boot turns into timers and spans. */
@AutoConfiguration(
        after = ObjectLocksAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnObjectLocks
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({ObjectLocks.class, ObservationRegistry.class})
public final class ObjectLocksObservationAutoConfiguration {

    /** For Spring. */
    public ObjectLocksObservationAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(LockObserver.class)
    LockObserver objectLockObservations(
            ObservationRegistry registry,
            ObjectProvider<AcquireObservationConvention> acquire,
            ObjectProvider<HoldObservationConvention> hold) {
        return new LockObservations(registry, acquire.getIfAvailable(), hold.getIfAvailable());
    }
}
