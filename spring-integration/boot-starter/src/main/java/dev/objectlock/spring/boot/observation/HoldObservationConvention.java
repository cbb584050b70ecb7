package dev.objectlock.spring.boot.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Names and tags {@link LockObservationDocumentation#HOLD}; a bean of this type replaces the default. */
public interface HoldObservationConvention extends ObservationConvention<LockObservationContext.Held> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof LockObservationContext.Held;
    }
}
