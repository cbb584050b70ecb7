package dev.objectlock.testkit.model;

/**
 * Something that is in the way.
 *
 * @param waiter whether it waits; else it holds
 * @param part what it holds or waits for
 * @param owner who it is
 */
record Way(boolean waiter, Part part, Actor owner) {

    @Override
    public String toString() {
        return owner + (waiter ? " waiting for " : " with ") + part;
    }
}
