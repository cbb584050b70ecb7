package dev.objectlock.testkit.model;

/** What extends a lease, in the words of the model. */
enum Renew {
    ON_USE,
    NEVER
}
