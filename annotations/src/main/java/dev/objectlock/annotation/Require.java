package dev.objectlock.annotation;

/** What {@link Guarded} asks for. */
public enum Require {
    /** Nobody else is in the way: passes unless a lock that is not the caller's would keep a call of the caller out. */
    ADMITTED,
    /** Nobody else is in the way, and the caller's own locks cover the object. */
    HELD
}
