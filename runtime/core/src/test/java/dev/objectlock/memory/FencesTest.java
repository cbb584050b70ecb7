package dev.objectlock.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.Hold;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import org.junit.jupiter.api.Test;

/** Nothing is kept of a root that is free, nor of a store that has ended, and yet no fence comes again. */
class FencesTest {

    private static final LockPath A = LockPath.of("a");
    private static final int GRANTS = 100_000;

    @Test
    void xx09_aStoreThatIsMadeAnewGoesOnAboveTheFencesOfTheOneBefore() {
        long last = 0;
        try (ObjectLocks before =
                ObjectLocks.builder().backend(MemoryLockBackend.create()).build()) {
            for (int grant = 0; grant < GRANTS; grant++) {
                last = fenceOf(before, last);
            }
        }
        try (ObjectLocks after =
                ObjectLocks.builder().backend(MemoryLockBackend.create()).build()) {
            fenceOf(after, last);
        }
    }

    /** One more grant; its fence is greater. */
    private static long fenceOf(ObjectLocks locks, long last) {
        try (Hold hold = locks.acquire(LockRequest.monitor(A))) {
            assertThat(hold.fence()).isGreaterThan(last);
            return hold.fence();
        }
    }
}
