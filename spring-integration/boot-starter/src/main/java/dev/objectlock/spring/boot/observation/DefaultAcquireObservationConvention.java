package dev.objectlock.spring.boot.observation;

import io.micrometer.common.KeyValues;

/** {@code objectlock.acquire}, with the keys of {@link LockObservationDocumentation.Key}. */
public class DefaultAcquireObservationConvention implements AcquireObservationConvention {

    /** Creates the convention. */
    public DefaultAcquireObservationConvention() {}

    @Override
    public String getName() {
        return "objectlock.acquire";
    }

    @Override
    public String getContextualName(LockObservationContext.Acquire context) {
        return "acquire " + CallKeys.templates(context.call());
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(LockObservationContext.Acquire context) {
        return CallKeys.of(context);
    }
}
