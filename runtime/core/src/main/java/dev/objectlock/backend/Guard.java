package dev.objectlock.backend;

import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;

/**
 * A check before work that takes no lock.
 *
 * @param owner who is about to work
 * @param claim what the work touches, as a scoped USER claim
 * @param mustBeHeld whether a kept hold of the owner must cover it
 */
public record Guard(LockOwner owner, Claim claim, boolean mustBeHeld) {

    /**
     * Makes a guard.
     *
     * @param owner who is about to work
     * @param path the object
     * @param scope what is touched
     * @param access whether it is written
     * @param mustBeHeld whether a kept hold of the owner must cover it
     * @return the guard
     */
    public static Guard of(LockOwner owner, LockPath path, LockScope scope, LockAccess access, boolean mustBeHeld) {
        return new Guard(owner, new Claim(path, Terms.scoped(LockMode.USER, scope, access)), mustBeHeld);
    }
}
