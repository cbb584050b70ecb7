package dev.objectlock.backend;

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
 */
public record Terms(LockMode mode, LockScope scope, LockAccess access, boolean kept, @Nullable Duration lease) {

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
        return new Terms(mode, scope.resolve(mode), access, false, null);
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
        return new Terms(mode, scope.resolve(mode), access, true, lease);
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
     * Returns whether a hold on these terms gives at least what others ask for, on the same object.
     *
     * @param asked what is asked for
     * @return true if neither scope nor access is less
     */
    public boolean includes(Terms asked) {
        return (isTree() || !asked.isTree()) && access.includes(asked.access);
    }
}
