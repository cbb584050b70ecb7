package dev.objectlock.redis;

import dev.objectlock.LockPath;
import dev.objectlock.backend.HoldRef;

/** A kept hold, by its name in the store. Where it is changes as this process hears of moves. */
final class KeptRef implements HoldRef {

    private final String id;
    private volatile LockPath path;

    KeptRef(String id, LockPath path) {
        this.id = id;
        this.path = path;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public LockPath path() {
        return path;
    }

    void moved(LockPath now) {
        path = now;
    }

    @Override
    public String toString() {
        return "hold " + id + " on " + path;
    }
}
