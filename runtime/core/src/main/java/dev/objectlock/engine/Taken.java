package dev.objectlock.engine;

/** What came of a request: a scoped hold, kept holds, neither, or nothing because no lock was needed. */
public sealed interface Taken permits ScopedHold, KeptHandle, Acquisition.NotHeld, ExemptHold {}
