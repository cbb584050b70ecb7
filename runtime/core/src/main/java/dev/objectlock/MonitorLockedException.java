package dev.objectlock;

/** Refused now, because of a monitor. */
public final class MonitorLockedException extends LockBusyException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param refused what was tried and who is in the way
     */
    public MonitorLockedException(Refused refused) {
        super(
                refused,
                refused.mode() == null
                        ? "monitors end soon: try again"
                        : "monitors end soon: try again, or wait with waitFor");
    }
}
