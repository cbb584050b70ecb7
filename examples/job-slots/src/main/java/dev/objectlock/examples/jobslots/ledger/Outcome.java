package dev.objectlock.examples.jobslots.ledger;

/** How a run of a task ended, as its worker tells it. */
public enum Outcome {
    /** The result is in the book. */
    DONE,
    /** The book refused the result: the task was begun under a newer fence meanwhile. */
    REFUSED,
    /** The worker was told that its slot was lost. */
    LOST
}
