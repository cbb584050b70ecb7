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
        FORGETS,
        /** It can go on with all it knew, behind connections that break: {@link StoreUnderTest#restart}. */
        RESTARTS,
        /** The time of day can be set, of the store and of this process: {@link StoreUnderTest#jump}. */
        CLOCK_JUMPS
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

    /** The store restarts with its data: connections break, and it has forgotten whatever it keeps for a connection only. */
    default void restart() {
        throw new UnsupportedOperationException(this + " does not restart");
    }

    /**
     * Sets the time of day, of the store and of this process, while the monotonic time of this process goes on.
     *
     * @param by how much forward, or back if it is negative
     */
    default void jump(Duration by) {
        throw new UnsupportedOperationException(this + " has no clock to set");
    }

    @Override
    void close();
}
