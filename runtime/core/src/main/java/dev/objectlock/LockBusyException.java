package dev.objectlock;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Somebody else is in the way. Carries who, since when, for how long, and on which path. */
public abstract sealed class LockBusyException extends LockException
        permits ObjectLockedException, MonitorLockedException, LockTimeoutException {

    private static final long serialVersionUID = 1L;

    private final transient Refused refused;

    /**
     * Creates the error.
     *
     * @param refused what was tried and who is in the way
     * @param advice what can be done
     */
    protected LockBusyException(Refused refused, String advice) {
        super(refused.describe() + "; " + advice);
        this.refused = refused;
    }

    /**
     * Returns all that is known of the refusal.
     *
     * @return what was tried and who is in the way
     */
    public final Refused refused() {
        return refused;
    }

    /**
     * Returns who is in the way.
     *
     * @return the holder, or the waiter in front
     */
    public final LockOwner holder() {
        return refused.holder();
    }

    /**
     * Returns the object whose lock is in the way.
     *
     * @return the path asked for, one above, or one below
     */
    public final LockPath blockingPath() {
        return refused.blockingPath();
    }

    /**
     * Returns since when it has been in the way.
     *
     * @return the moment of the grant
     */
    public final Instant since() {
        return refused.since();
    }

    /**
     * Returns how long it lasts if it is not used.
     *
     * @return empty if it has no lease
     */
    public final Optional<Duration> remaining() {
        return refused.blocker().hold().remaining();
    }

    /**
     * Returns whether a monitor is in the way, and not an ownership lock.
     *
     * @return true for a monitor
     */
    public final boolean isByMonitor() {
        return refused.byMonitor();
    }

    /**
     * Makes the error for a request that was refused without waiting.
     *
     * @param refused what was tried and who is in the way
     * @return {@link MonitorLockedException} or {@link ObjectLockedException}
     */
    public static LockBusyException of(Refused refused) {
        return refused.byMonitor() ? new MonitorLockedException(refused) : new ObjectLockedException(refused);
    }
}
