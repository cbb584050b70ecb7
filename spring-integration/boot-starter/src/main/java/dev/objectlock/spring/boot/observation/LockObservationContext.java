package dev.objectlock.spring.boot.observation;

import dev.objectlock.LockObserver.ObservedCall;
import io.micrometer.observation.Observation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of a call while it is observed. */
public abstract sealed class LockObservationContext extends Observation.Context {

    private final ObservedCall call;
    private @Nullable Outcome outcome;

    private LockObservationContext(ObservedCall call) {
        this.call = call;
    }

    /**
     * Returns the call.
     *
     * @return what it asks for
     */
    public ObservedCall call() {
        return call;
    }

    /**
     * Returns how it went.
     *
     * @return empty while it is going on
     */
    public Optional<Outcome> outcome() {
        return Optional.ofNullable(outcome);
    }

    void outcome(Outcome known) {
        outcome = known;
    }

    /** Of {@link LockObservationDocumentation#ACQUIRE}. */
    public static final class Acquire extends LockObservationContext {
        Acquire(ObservedCall call) {
            super(call);
        }
    }

    /** Of {@link LockObservationDocumentation#HOLD}. */
    public static final class Held extends LockObservationContext {
        Held(ObservedCall call) {
            super(call);
        }
    }
}
