package dev.objectlock.spring.boot.observation;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockEvent;
import dev.objectlock.LockListener;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts holds that ended without their owner's doing, by reason and mode: expirations are {@code lease_over} and {@code
 * max_hold_over}, overrides {@code overridden}, and everything else is a loss of another kind. Thread-safe.
 */
final class LossCounter implements LockListener {

    static final String NAME = "objectlock.holds.lost";

    private final MeterRegistry registry;

    LossCounter(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void onEvent(LockEvent event) {
        event.loss().ifPresent(loss -> {
            for (HoldInfo hold : event.holds()) {
                registry.counter(NAME, "reason", CallKeys.text(loss.reason()), "mode", CallKeys.text(hold.mode()))
                        .increment();
            }
        });
    }
}
