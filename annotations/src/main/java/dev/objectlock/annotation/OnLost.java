package dev.objectlock.annotation;

/** What happens to a running call whose hold is lost. */
public enum OnLost {
    /** The call runs on and throws {@code LockLostException} instead of returning. */
    THROW,
    /** The thread of the body is interrupted, or the stage it returned cancelled, as soon as the loss is known. */
    INTERRUPT
}
