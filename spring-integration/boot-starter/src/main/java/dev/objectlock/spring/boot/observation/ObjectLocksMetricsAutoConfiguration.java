package dev.objectlock.spring.boot.observation;

import dev.objectlock.LockListener;
import dev.objectlock.ObjectLocks;
import dev.objectlock.spring.boot.ConditionalOnObjectLocks;
import dev.objectlock.spring.boot.ObjectLocksAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Counters of what is not a call: holds that were lost, and work without locks. */
@AutoConfiguration(
        after = ObjectLocksAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration"
        })
@ConditionalOnObjectLocks
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ObjectLocks.class, MeterRegistry.class})
public final class ObjectLocksMetricsAutoConfiguration {

    /** For Spring. */
    public ObjectLocksMetricsAutoConfiguration() {}

    @Bean
    LockListener objectLockLossCounter(MeterRegistry registry) {
        return new LossCounter(registry);
    }

    @Bean
    MeterBinder objectLockWithoutLocksCounter() {
        return new WithoutLocksCounter();
    }
}
