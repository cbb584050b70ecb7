package dev.objectlock.engine;

import dev.objectlock.Released;

/** The hold of a running call, as its body sees it: it ends with the call and not before. */
final class CurrentHold extends ScopedHandle {

    CurrentHold(ScopedHold hold) {
        super(hold);
    }

    /** The call itself gives it back. */
    @Override
    public Released release() {
        return Released.COVERED_BY;
    }
}
