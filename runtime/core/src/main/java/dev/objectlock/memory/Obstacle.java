package dev.objectlock.memory;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is in the way of a request: a hold or a waiter.
 *
 * @param held the hold, or null
 * @param waiter the waiter, or null
 * @param theirs the index of the claim of the waiter
 * @param part the index of the claim that it is in the way of
 */
record Obstacle(@Nullable Held held, @Nullable Waiter waiter, int theirs, int part) {

    Obstacle(Held held, int part) {
        this(held, null, 0, part);
    }

    Obstacle(Waiter waiter, int theirs, int part) {
        this(null, waiter, theirs, part);
    }

    /** Whether a kept hold is in the way, which may last. */
    boolean kept() {
        return held != null && held.isKept();
    }

    Waiter waiterOrThrow() {
        return Objects.requireNonNull(waiter);
    }
}
