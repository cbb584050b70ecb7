package dev.objectlock;

import java.util.Optional;

/**
 * What came of trying: {@link Granted} with a hold, or {@link Refused} with who is in the way. Closing it gives the hold
 * back, if there is one.
 */
public sealed interface Attempt extends AutoCloseable permits Attempt.Granted, Refused {

    /**
     * Returns whether the lock was granted.
     *
     * @return true if there is a hold
     */
    default boolean isGranted() {
        return hold().isPresent();
    }

    /**
     * Returns the hold.
     *
     * @return empty if refused
     */
    Optional<Hold> hold();

    /** Gives the hold back, once; does nothing if refused. */
    @Override
    void close();

    /**
     * The lock was granted.
     *
     * @param granted the hold
     */
    record Granted(Hold granted) implements Attempt {
        @Override
        public Optional<Hold> hold() {
            return Optional.of(granted);
        }

        @Override
        public void close() {
            granted.close();
        }
    }
}
