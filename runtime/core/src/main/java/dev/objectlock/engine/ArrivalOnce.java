package dev.objectlock.engine;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Somebody whom several threads may ask who it is, which is found out once. Thread-safe. */
final class ArrivalOnce implements Arrival {

    private final ReentrantLock lock = new ReentrantLock();
    private final Arrival arrival;
    private @Nullable Entrance known;

    ArrivalOnce(Arrival arrival) {
        this.arrival = arrival;
    }

    @Override
    public Entrance entrance() {
        lock.lock();
        try {
            Entrance found = known;
            if (found == null) {
                found = arrival.entrance();
                known = found;
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Arrival carried() {
        return this;
    }
}
