package dev.objectlock.engine;

import dev.objectlock.LockEvent;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** The losses that were told last, so that none is told twice. Thread-safe. */
final class RecentEvents {

    private static final int MOST = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<String> known = new LinkedHashSet<>();

    /** Returns whether an event has not been told; only losses are ever told twice. */
    boolean isNew(LockEvent event) {
        if (event.loss().isEmpty()) {
            return true;
        }
        lock.lock();
        try {
            if (known.size() >= MOST) {
                known.remove(known.iterator().next());
            }
            return known.add(event.root().rootName() + "#" + event.number());
        } finally {
            lock.unlock();
        }
    }
}
