package dev.objectlock.spring;

import dev.objectlock.LockConfigurationException;

/** Annotated methods would be called without their locks, since they are neither woven nor proxied. */
public final class UncoveredMethodsException extends LockConfigurationException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message names each method, and says why and what to do
     */
    public UncoveredMethodsException(String message) {
        super(message);
    }
}
