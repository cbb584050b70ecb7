package dev.objectlock.engine;

/** What came of a request: a scoped hold, kept holds, or neither. */
public sealed interface Taken permits ScopedHold, KeptHandle, Acquisition.NotHeld {}
