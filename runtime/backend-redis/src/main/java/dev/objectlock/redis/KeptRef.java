package dev.objectlock.redis;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockPath;
import dev.objectlock.backend.HoldRef;

/** A kept hold, by its name in the store, and what was last heard of it. */
final class KeptRef implements HoldRef {

    private volatile HoldInfo info;

    KeptRef(HoldInfo info) {
        this.info = info;
    }

    @Override
    public String id() {
        return info.id();
    }

    @Override
    public LockPath path() {
        return info.path();
    }

    HoldInfo info() {
        return info;
    }

    void is(HoldInfo now) {
        info = now;
    }

    @Override
    public String toString() {
        return "hold " + id() + " on " + path();
    }
}
