package dev.objectlock.spring;

import dev.objectlock.LockOwner;

/**
 * A part of the application that may take locks away, under a name of its own: a bean for each of them. It has the privilege
 * {@code objectlockoverride} beside what the {@link dev.objectlock.LockAuthorizer} says.
 *
 * @param name as in {@link LockOwner#application}
 */
public record OverridingApplication(String name) {

    /**
     * Returns the owner as whom it takes locks away.
     *
     * @return the application of this name
     */
    public LockOwner owner() {
        return LockOwner.application(name);
    }
}
