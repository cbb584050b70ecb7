package dev.objectlock.testkit.model;

/**
 * Something that is in the way.
 *
 * @param waiter whether it waits; else it holds
 * @param part what it holds or waits for
 * @param owner who it is
 */
record Way(boolean waiter, Part part, Actor owner) {

    /** In which flow an ownership hold that is kept was taken is of no interest to anybody. */
    Way {
        owner = owner.asOwnerOf(part);
    }

    @Override
    public String toString() {
        return owner + (waiter ? " waiting for " : " with ") + part;
    }
}
