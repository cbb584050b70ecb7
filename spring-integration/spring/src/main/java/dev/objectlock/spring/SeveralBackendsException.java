package dev.objectlock.spring;

import dev.objectlock.LockConfigurationException;

/** A context has more than one {@link dev.objectlock.backend.LockBackend}, and an engine has one. */
public final class SeveralBackendsException extends LockConfigurationException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message names the beans
     */
    public SeveralBackendsException(String message) {
        super(message);
    }
}
