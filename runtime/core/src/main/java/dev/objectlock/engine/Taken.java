package dev.objectlock.engine;

/** What came of a request: what a call has, kept holds, or neither. */
public sealed interface Taken permits CallHold, KeptHandle, Acquisition.NotHeld, Acquisition.Unreachable {}
