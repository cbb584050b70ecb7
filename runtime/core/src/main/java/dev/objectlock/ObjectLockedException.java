package dev.objectlock;

/** Refused now, because of a USER or CLIENT lock. */
public final class ObjectLockedException extends LockBusyException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param refused what was tried and who is in the way
     */
    public ObjectLockedException(Refused refused) {
        super(
                refused,
                refused.blocker().hold().kept()
                        ? "ask " + refused.holder().name() + " to release it, or wait with waitFor"
                        : "try again, or wait longer with waitFor");
    }
}
