package dev.objectlock;

/**
 * Told what happens to holds: in order for each tree, one event at a time, on a thread of the engine's own. A listener
 * that throws is logged; one that is slow delays nobody but later events.
 */
@FunctionalInterface
public interface LockListener {

    /**
     * Something happened.
     *
     * @param event what
     */
    void onEvent(LockEvent event);
}
