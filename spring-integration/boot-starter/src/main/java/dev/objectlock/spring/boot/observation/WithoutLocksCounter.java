package dev.objectlock.spring.boot.observation;

import dev.objectlock.OwnerContext;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Counts work that was run without locks on purpose, {@link OwnerContext#withoutLocks}, in the whole JVM. */
final class WithoutLocksCounter implements MeterBinder {

    static final String NAME = "objectlock.without.locks";

    @Override
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder(NAME, this, counter -> OwnerContext.withoutLocksCount())
                .description("Bodies that were run without locks on purpose")
                .register(registry);
    }
}
