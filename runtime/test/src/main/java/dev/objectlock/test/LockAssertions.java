package dev.objectlock.test;

import dev.objectlock.Blocker;
import dev.objectlock.LockPath;
import dev.objectlock.LockStatus;
import dev.objectlock.ObjectLocks;
import java.util.List;

/** Assertions about locks. */
public final class LockAssertions {

    private LockAssertions() {}

    /**
     * Asserts that nothing is held and nobody waits.
     *
     * @param locks the engine
     * @throws AssertionError if that is not so; it lists what there is
     */
    public static void assertNothingHeld(ObjectLocks locks) {
        List<LockPath> roots = locks.roots();
        if (roots.isEmpty()) {
            return;
        }
        StringBuilder found = new StringBuilder("nothing should be held and nobody should wait, but:");
        for (LockPath root : roots) {
            locks.list(root).forEach(hold -> found.append("\n  ")
                    .append(new Blocker(hold, Blocker.Kind.HOLD).describe(hold.owner())));
            LockStatus status = locks.status(root);
            status.waiters().forEach(waiter -> found.append("\n  ")
                    .append(new Blocker(waiter, Blocker.Kind.WAITER).describe(waiter.owner())));
        }
        throw new AssertionError(found.toString());
    }
}
