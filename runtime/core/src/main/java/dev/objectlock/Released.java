package dev.objectlock;

/** What a release found. None of these is an error. */
public enum Released {
    /** The caller's hold was there and is now given back. */
    RELEASED,
    /** Nobody holds anything there. */
    NOT_HELD,
    /** The caller's hold was lost before. */
    LOST,
    /** Somebody else holds it; nothing was changed. */
    NOT_YOURS,
    /** The object is covered by a tree lock of the caller's further up; release it there. */
    COVERED_BY
}
