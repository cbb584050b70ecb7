package dev.objectlock;

import dev.objectlock.annotation.LockMode;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that was not granted, and why.
 *
 * @param path the object that was asked for
 * @param mode the mode that was asked for, or null for a call that takes nothing and was checked
 * @param asker who asked
 * @param blocker who is in the way
 * @param position the place in the line that the request has, had, or would have; the first is 1
 */
public record Refused(LockPath path, @Nullable LockMode mode, LockOwner asker, Blocker blocker, int position)
        implements Attempt {

    /**
     * Returns who is in the way.
     *
     * @return the holder, or the waiter in front
     */
    public LockOwner holder() {
        return blocker.hold().owner();
    }

    /**
     * Returns the object whose lock is in the way: the one asked for, one above, or one below.
     *
     * @return its path
     */
    public LockPath blockingPath() {
        return blocker.hold().path();
    }

    /**
     * Returns since when it has been in the way.
     *
     * @return the moment of the grant
     */
    public Instant since() {
        return blocker.hold().since();
    }

    /**
     * Returns whether a monitor is in the way, and not an ownership lock.
     *
     * @return true for a monitor
     */
    public boolean byMonitor() {
        return blocker.hold().mode() == LockMode.MONITOR;
    }

    @Override
    public Optional<Hold> hold() {
        return Optional.empty();
    }

    /** Does nothing: there is nothing to give back. */
    @Override
    public void close() {}

    /**
     * Says what was tried and who is in the way.
     *
     * @return one sentence without a full stop
     */
    public String describe() {
        return (mode == null ? "call" : mode + " lock") + " on " + path + " for " + asker.name() + " refused: "
                + blocker.describe(asker);
    }
}
