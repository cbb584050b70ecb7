package dev.objectlock.benchmarks;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock for each key, made when it is asked for and taken out when nobody has it or waits for it. Correct by looking
 * again: whoever comes too late to a lock that has been taken out sees so once it has it, and begins anew.
 */
final class LockMap {

    private final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();

    /** The lock of one key. */
    static final class Entry extends ReentrantLock {

        private static final long serialVersionUID = 1L;

        /** Guarded by this lock. */
        private boolean gone;
    }

    @SuppressWarnings("LockNotBeforeTry") // Whoever called gives it back.
    Entry lock(String key) {
        while (true) {
            Entry entry = entries.computeIfAbsent(key, absent -> new Entry());
            entry.lock();
            if (!entry.gone) {
                return entry;
            }
            entry.unlock();
        }
    }

    void unlock(String key, Entry entry) {
        if (entry.getHoldCount() == 1 && !entry.hasQueuedThreads()) {
            entry.gone = true;
            entries.remove(key, entry);
        }
        entry.unlock();
    }
}
