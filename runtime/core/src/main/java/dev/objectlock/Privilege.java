package dev.objectlock;

/** What a user may do with locks. */
public enum Privilege {
    /** Take USER and CLIENT locks. */
    OBJECTLOCK,
    /** Take USER and CLIENT locks, and take other people's away. It never lets anyone into a locked object. */
    OBJECTLOCKOVERRIDE;

    /**
     * Returns the privilege as it is written in authorities.
     *
     * @return {@code objectlock} or {@code objectlockoverride}
     */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
