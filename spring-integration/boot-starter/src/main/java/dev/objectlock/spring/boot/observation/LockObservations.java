package dev.objectlock.spring.boot.observation;

import dev.objectlock.LockObserver;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Makes two observations of each annotated call that takes locks. Neither is made current on the thread: a call may end on
 * another one. Thread-safe.
 */
final class LockObservations implements LockObserver {

    private static final AcquireObservationConvention ACQUIRE = new DefaultAcquireObservationConvention();
    private static final HoldObservationConvention HOLD = new DefaultHoldObservationConvention();

    private final ObservationRegistry registry;
    private final @Nullable AcquireObservationConvention acquire;
    private final @Nullable HoldObservationConvention hold;

    /**
     * Observes into a registry.
     *
     * @param registry where observations begin
     * @param acquire the application's own convention, or null
     * @param hold the application's own convention, or null
     */
    LockObservations(
            ObservationRegistry registry,
            @Nullable AcquireObservationConvention acquire,
            @Nullable HoldObservationConvention hold) {
        this.registry = registry;
        this.acquire = acquire;
        this.hold = hold;
    }

    @Override
    public Observed asks(ObservedCall call) {
        LockObservationContext.Acquire context = new LockObservationContext.Acquire(call);
        return new ObservedLock(
                context,
                LockObservationDocumentation.ACQUIRE
                        .observation(acquire, ACQUIRE, () -> context, registry)
                        .start());
    }

    private final class ObservedLock implements Observed {

        private LockObservationContext context;
        private Observation observation;

        ObservedLock(LockObservationContext context, Observation observation) {
            this.context = context;
            this.observation = observation;
        }

        @Override
        public void granted(boolean joined) {
            context.outcome(joined ? Outcome.JOINED : Outcome.GRANTED);
            observation.stop();
            LockObservationContext.Held held = new LockObservationContext.Held(context.call());
            context = held;
            observation = LockObservationDocumentation.HOLD
                    .observation(hold, HOLD, () -> held, registry)
                    .start();
        }

        @Override
        public void refused(RuntimeException why) {
            stop(why);
        }

        @Override
        public void ended(@Nullable Throwable failure) {
            stop(failure);
        }

        private void stop(@Nullable Throwable failure) {
            Outcome outcome = Outcome.of(failure);
            context.outcome(outcome);
            if (failure != null && !outcome.isOrdinary()) {
                observation.error(failure);
            }
            observation.stop();
        }
    }
}
