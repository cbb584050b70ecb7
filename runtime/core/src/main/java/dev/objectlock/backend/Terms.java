package dev.objectlock.backend;

import dev.objectlock.Renewal;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * On what terms an object is asked for; the same for every call of one annotated method.
 *
 * @param mode who else is admitted
 * @param scope {@code TREE} or {@code OBJECT}, never {@code BY_MODE}
 * @param access whether readers are shut out
 * @param kept whether the hold stays until released; else it ends with its call
 * @param lease how long a kept hold may lie unused, or null for as long as its session
 * @param maxHold how long it may last however much it is used, or null
 * @param renewal what counts as use of a lease
 * @param slots how many may hold the object at once, or 0 if it is not a counting lock
 */
public record Terms(
        LockMode mode,
        LockScope scope,
        LockAccess access,
        boolean kept,
        @Nullable Duration lease,
        @Nullable Duration maxHold,
        Renewal renewal,
        int slots) {

    /** Checks what the engine must have sorted out. */
    public Terms {
        if (scope == LockScope.BY_MODE) {
            throw new IllegalArgumentException("the scope of terms must be TREE or OBJECT");
        }
        if (mode == LockMode.MONITOR && scope == LockScope.TREE) {
            throw new IllegalArgumentException("a MONITOR is always scope OBJECT");
        }
        if (lease != null && !kept) {
            throw new IllegalArgumentException("only a kept hold has a lease");
        }
        if (slots > 0 && (mode != LockMode.MONITOR || access == LockAccess.SHARED)) {
            throw new IllegalArgumentException("slots go with MONITOR, EXCLUSIVE");
        }
    }

    /**
     * Returns the terms of a scoped hold.
     *
     * @param mode who else is admitted
     * @param scope what is covered
     * @param access whether readers are shut out
     * @return the terms
     */
    public static Terms scoped(LockMode mode, LockScope scope, LockAccess access) {
        return new Terms(mode, scope.resolve(mode), access, false, null, null, Renewal.ON_USE, 0);
    }

    /**
     * Returns the terms of a kept hold.
     *
     * @param mode who else is admitted
     * @param scope what is covered
     * @param access whether readers are shut out
     * @param lease how long it may lie unused, or null
     * @return the terms
     */
    public static Terms kept(LockMode mode, LockScope scope, LockAccess access, @Nullable Duration lease) {
        return new Terms(mode, scope.resolve(mode), access, true, lease, null, Renewal.ON_USE, 0);
    }

    /**
     * Returns these terms with another scope.
     *
     * @param changed {@code TREE} or {@code OBJECT}
     * @return the changed copy
     */
    public Terms withScope(LockScope changed) {
        return new Terms(mode, changed, access, kept, lease, maxHold, renewal, slots);
    }

    /**
     * Returns these terms with another access.
     *
     * @param changed the access
     * @return the changed copy
     */
    public Terms withAccess(LockAccess changed) {
        return new Terms(mode, scope, changed, kept, lease, maxHold, renewal, slots);
    }

    /**
     * Returns these terms with another lease.
     *
     * @param changed how long the hold may lie unused, or null
     * @param how what counts as use
     * @return the changed copy
     */
    public Terms withLease(@Nullable Duration changed, Renewal how) {
        return new Terms(mode, scope, access, kept, changed, maxHold, how, slots);
    }

    /**
     * Returns these terms with a longest time.
     *
     * @param longest how long the hold may last, or null
     * @return the changed copy
     */
    public Terms withMaxHold(@Nullable Duration longest) {
        return new Terms(mode, scope, access, kept, lease, longest, renewal, slots);
    }

    /**
     * Returns these terms for a counting lock.
     *
     * @param number how many may hold the object at once, or 0
     * @return the changed copy
     */
    public Terms withSlots(int number) {
        return new Terms(mode, scope, access, kept, lease, maxHold, renewal, number);
    }

    /**
     * Returns whether a tree is covered.
     *
     * @return false if the object alone is
     */
    public boolean isTree() {
        return scope == LockScope.TREE;
    }

    /**
     * Returns whether this is a monitor and not an ownership hold.
     *
     * @return true for MONITOR
     */
    public boolean isMonitor() {
        return mode == LockMode.MONITOR;
    }

    /**
     * Returns whether one of several slots is asked for.
     *
     * @return true for a counting lock
     */
    public boolean isSlot() {
        return slots > 0;
    }

    /**
     * Returns whether a hold on these terms gives at least what others ask for, on the same object.
     *
     * @param asked what is asked for
     * @return true if neither scope nor access is less
     */
    public boolean includes(Terms asked) {
        return (isTree() || !asked.isTree()) && access.includes(asked.access);
    }
}
