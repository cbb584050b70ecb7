package dev.objectlock;

/** Wrong use: an annotation, setting or argument that can never work. Integrations have subtypes for what they refuse. */
public class LockConfigurationException extends LockException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message what is wrong, where, and what to write instead
     */
    public LockConfigurationException(String message) {
        super(message);
    }

    /**
     * Creates the error with a cause.
     *
     * @param message what is wrong, where, and what to write instead
     * @param cause what it came from
     */
    public LockConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
