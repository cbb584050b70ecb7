package dev.objectlock.spring.boot.observation;

import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockDeadlockException;
import dev.objectlock.LockInterruptedException;
import dev.objectlock.LockLostException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockPrivilegeException;
import dev.objectlock.LockTimeoutException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How an observed call went; in lower case the value of {@link LockObservationDocumentation.Key#OUTCOME}. */
public enum Outcome {
    /** It has its locks. */
    GRANTED,
    /** Its flow had them already. */
    JOINED,
    /** Somebody was in the way, and it did not wait. */
    BUSY,
    /** It waited and gave up. */
    TIMEOUT,
    /** It would have waited for ever. */
    DEADLOCK,
    /** It was interrupted while it waited. */
    INTERRUPTED,
    /** Nobody was logged in, or without the privilege. */
    DENIED,
    /** The object was removed while it waited, or a lock that it needs is not held. */
    NOT_HELD,
    /** A lock was lost before the work was done. */
    LOST,
    /** The store did not answer. */
    BACKEND,
    /** The call has returned, and its locks were its own to the end. */
    SUCCESS,
    /** It failed in another way. */
    ERROR;

    /**
     * Returns what an error says.
     *
     * @param failure what the caller is told; null for success
     * @return never {@link #GRANTED} or {@link #JOINED}
     */
    public static Outcome of(@Nullable Throwable failure) {
        if (failure == null) {
            return SUCCESS;
        }
        if (failure instanceof LockTimeoutException) {
            return TIMEOUT;
        }
        if (failure instanceof LockBusyException) {
            return BUSY;
        }
        if (failure instanceof LockDeadlockException) {
            return DEADLOCK;
        }
        if (failure instanceof LockLostException) {
            return LOST;
        }
        return ofRare(failure);
    }

    private static Outcome ofRare(Throwable failure) {
        if (failure instanceof LockInterruptedException) {
            return INTERRUPTED;
        }
        if (failure instanceof LockAuthenticationException || failure instanceof LockPrivilegeException) {
            return DENIED;
        }
        if (failure instanceof LockNotHeldException) {
            return NOT_HELD;
        }
        return failure instanceof LockBackendException ? BACKEND : ERROR;
    }

    /**
     * Returns whether the locks did what locks are for, so that nothing is wrong.
     *
     * @return true for a grant, a success, and for somebody in the way
     */
    public boolean isOrdinary() {
        return this == GRANTED || this == JOINED || this == SUCCESS || this == BUSY || this == TIMEOUT;
    }

    /**
     * Returns the value as it is written.
     *
     * @return in lower case: {@code granted}
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
