package dev.objectlock.backend;

import dev.objectlock.LockOwner;

/**
 * A check before work that takes no lock.
 *
 * @param owner who is about to work
 * @param claim what the work touches, as a scoped USER claim
 * @param mustBeHeld whether a kept hold of the owner must cover it
 */
public record Guard(LockOwner owner, Claim claim, boolean mustBeHeld) {}
