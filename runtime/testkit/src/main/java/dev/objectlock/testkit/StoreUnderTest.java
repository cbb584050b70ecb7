package dev.objectlock.testkit;

import dev.objectlock.backend.LockBackend;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** A store that is empty when a test begins, how its time passes, and what can happen to it. */
public interface StoreUnderTest extends AutoCloseable {

    /** What can happen to a store, where that is possible at all. Cases that need more than a store can show are skipped. */
    enum Capability {
        /** It takes a process for dead that has been silent for {@link LockBackend#processTimeout}. */
        PROCESS_TIMEOUT,
        /** It can lose all it knew and go on: {@link StoreUnderTest#forgetAll}. */
        FORGETS
    }

    /**
     * Returns the backend.
     *
     * @return the same object each time
     */
    LockBackend backend();

    /**
     * Returns what can happen to this store.
     *
     * @return all, unless the store says otherwise
     */
    default Set<Capability> capabilities() {
        return EnumSet.allOf(Capability.class);
    }

    /**
     * Lets time pass, for the store and for this process.
     *
     * @param duration how much
     */
    void pass(Duration duration);

    /** The store restarts without its data, and tells nobody. */
    void forgetAll();

    @Override
    void close();
}
