package dev.objectlock.annotation;

/** When {@link ReleaseLock} gives back. */
public enum ReleaseOn {
    /** Only after a call that returned, or whose stage completed, without an exception. */
    SUCCESS,
    /** After every call. */
    ALWAYS
}
