package dev.objectlock;

/**
 * Somebody who wants to know what is held in a part of a tree, from the beginning and then as it changes.
 *
 * <p>Told on a thread of its own, one thing after the other, outside all locks. What it throws is logged; if it is slow, it
 * is told late, and if it is so slow that changes would have to be kept without end it gets a new snapshot instead of them.
 */
public interface LockWatcher {

    /**
     * What is held at one moment. First of all, and again whenever changes could not be told.
     *
     * @param snapshot the kept holds
     */
    void onSnapshot(LockSnapshot snapshot);

    /**
     * A change after the last snapshot, in the order in which they happened in the tree.
     *
     * @param event the change, with those of its holds that the watcher sees
     */
    void onEvent(LockEvent event);
}
