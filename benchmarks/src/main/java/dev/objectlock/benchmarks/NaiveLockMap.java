package dev.objectlock.benchmarks;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock for each key as it is often written: made when it is asked for, taken out when it is given back. For one thread
 * only: whoever waits for a lock that is then taken out of the map gets it, while a third makes a new one for the same
 * key, and both are in. {@link LockMap} is the one that holds.
 */
final class NaiveLockMap {

    private final ConcurrentMap<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    ReentrantLock lock(String key) {
        ReentrantLock lock = locks.computeIfAbsent(key, absent -> new ReentrantLock());
        lock.lock();
        return lock;
    }

    void unlock(String key, ReentrantLock lock) {
        lock.unlock();
        locks.remove(key);
    }
}
