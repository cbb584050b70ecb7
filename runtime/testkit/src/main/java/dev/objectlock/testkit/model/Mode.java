package dev.objectlock.testkit.model;

/** Who else is admitted, in the words of the model. */
enum Mode {
    USER,
    CLIENT,
    MONITOR
}
