package dev.objectlock.annotation;

/** What a {@link LockTransaction} does where one is open already in its flow. */
public enum LockPropagation {
    /** It is part of that one; without one it begins its own. */
    REQUIRED,
    /** It begins its own, which is committed by itself; the extents of the two must not overlap. */
    REQUIRES_NEW,
    /** It is part of that one; without one it is refused. */
    MANDATORY
}
