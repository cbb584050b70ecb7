package dev.objectlock;

/** A transaction could not be committed, because a part of it had failed: what it changed has been restored. */
public final class TransactionRolledBackException extends LockException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message which transaction, and why
     */
    public TransactionRolledBackException(String message) {
        super(message);
    }
}
