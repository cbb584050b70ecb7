package dev.objectlock.spring.boot.observation;

import io.micrometer.common.KeyValues;

/** {@code objectlock.hold}, with the keys of {@link LockObservationDocumentation.Key}. */
public class DefaultHoldObservationConvention implements HoldObservationConvention {

    /** Creates the convention. */
    public DefaultHoldObservationConvention() {}

    @Override
    public String getName() {
        return "objectlock.hold";
    }

    @Override
    public String getContextualName(LockObservationContext.Held context) {
        return "hold " + CallKeys.templates(context.call());
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(LockObservationContext.Held context) {
        return CallKeys.of(context);
    }
}
