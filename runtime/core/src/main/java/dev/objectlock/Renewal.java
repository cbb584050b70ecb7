package dev.objectlock;

/** What counts as use of a kept hold with a lease, and so extends it. */
public enum Renewal {
    /**
     * Taking it again, {@link Hold#ensure}, and every woven call of an owner it belongs to on what it covers, while it
     * runs. The default.
     */
    ON_USE,
    /** Besides, that the process which took it is alive: the lease then only bounds how long it outlives the process. */
    AUTO,
    /**
     * Nothing but taking it again, or its {@linkplain Hold#token token}. It outlives its client and its process.
     */
    NEVER
}
