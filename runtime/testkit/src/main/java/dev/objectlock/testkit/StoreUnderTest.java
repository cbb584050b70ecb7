package dev.objectlock.testkit;

import dev.objectlock.backend.LockBackend;
import java.time.Duration;

/** A store that is empty when a test begins, and how its time passes. */
public interface StoreUnderTest extends AutoCloseable {

    /**
     * Returns the backend.
     *
     * @return the same object each time
     */
    LockBackend backend();

    /**
     * Lets time pass, for the store and for this process.
     *
     * @param duration how much
     */
    void pass(Duration duration);

    @Override
    void close();
}
