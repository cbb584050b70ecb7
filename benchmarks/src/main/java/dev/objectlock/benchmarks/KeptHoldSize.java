package dev.objectlock.benchmarks;

import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Released;
import java.util.Locale;

/**
 * A load program: how much memory a kept USER hold takes, its path included. A thousand users keep a million objects,
 * {@code cell:N/robot/arm}, each under a root of its own.
 */
public final class KeptHoldSize {

    private static final int HOLDS = 1_000_000;
    private static final int USERS = 1_000;

    private KeptHoldSize() {}

    /**
     * Prints the bytes for each hold.
     *
     * @param args none
     */
    public static void main(String[] args) {
        System.out.printf(Locale.ROOT, "%.1f bytes for each of %,d kept holds%n", bytesPerHold(HOLDS, USERS), HOLDS);
    }

    static double bytesPerHold(int holds, int users) {
        try (ObjectLocks locks = ObjectLocks.builder().build()) {
            // What is made once, whatever is held, is there before.
            keep(locks, users, users);
            release(locks, users, users);
            long before = usedAfterCollection();
            keep(locks, holds, users);
            long after = usedAfterCollection();
            if (release(locks, holds, users) != holds) {
                throw new IllegalStateException("not all holds were kept");
            }
            return (double) (after - before) / holds;
        }
    }

    private static void keep(ObjectLocks locks, int holds, int users) {
        for (int i = 0; i < users; i++) {
            int first = i;
            locks.runAs(LockOwner.user("user-" + i), () -> {
                for (int cell = first; cell < holds; cell += users) {
                    locks.acquire(LockRequest.user(arm(cell)).keep());
                }
            });
        }
    }

    private static int release(ObjectLocks locks, int holds, int users) {
        int[] released = {0};
        for (int i = 0; i < users; i++) {
            int first = i;
            locks.runAs(LockOwner.user("user-" + i), () -> {
                for (int cell = first; cell < holds; cell += users) {
                    released[0] += locks.release(arm(cell)) == Released.RELEASED ? 1 : 0;
                }
            });
        }
        return released[0];
    }

    private static LockPath arm(int cell) {
        return LockPath.of("cell:" + cell, "robot", "arm");
    }

    private static long usedAfterCollection() {
        Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }
}
