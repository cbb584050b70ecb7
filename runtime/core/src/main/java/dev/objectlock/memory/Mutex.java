package dev.objectlock.memory;

import java.util.concurrent.locks.AbstractQueuedSynchronizer;

/**
 * A plain mutex, not re-entrant, to be a part of what it protects: one object instead of the three of a {@code
 * ReentrantLock} in a field. Virtual threads may wait for it.
 */
abstract class Mutex extends AbstractQueuedSynchronizer {

    private static final long serialVersionUID = 1L;

    final void lock() {
        if (!compareAndSetState(0, 1)) {
            acquire(1);
        }
    }

    final boolean tryLock() {
        return compareAndSetState(0, 1);
    }

    final void unlock() {
        release(1);
    }

    @Override
    protected final boolean tryAcquire(int ignored) {
        return compareAndSetState(0, 1);
    }

    @Override
    protected final boolean tryRelease(int ignored) {
        setState(0);
        return true;
    }
}
