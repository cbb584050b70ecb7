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
        super(refused, advice(refused));
    }

    private static String advice(Refused refused) {
        String now = refused.blocker().hold().kept()
                ? "ask " + refused.holder().name() + " to release it"
                : "try again when it has ended";
        // A check takes nothing and so has nothing to wait with.
        return refused.mode() == null ? now : now + ", or wait with waitFor";
    }
}
