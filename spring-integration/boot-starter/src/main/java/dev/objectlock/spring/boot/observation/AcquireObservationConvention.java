package dev.objectlock.spring.boot.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Names and tags {@link LockObservationDocumentation#ACQUIRE}; a bean of this type replaces the default. */
public interface AcquireObservationConvention extends ObservationConvention<LockObservationContext.Acquire> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof LockObservationContext.Acquire;
    }
}
