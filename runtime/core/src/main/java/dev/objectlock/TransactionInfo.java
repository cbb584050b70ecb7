package dev.objectlock;

import java.time.Instant;
import java.util.List;

/**
 * What is known of an open transaction, at the moment it was asked: for monitoring, not for control.
 *
 * @param id its id
 * @param name its name
 * @param parts what it changes, all under one root
 * @param owner whose it is
 * @param since when it was begun
 */
public record TransactionInfo(long id, String name, List<ChangedPart> parts, LockOwner owner, Instant since) {

    /** Copies the list. */
    public TransactionInfo {
        parts = List.copyOf(parts);
    }

    /**
     * Returns the root of all parts.
     *
     * @return its path
     */
    public LockPath root() {
        return parts.get(0).path().root();
    }
}
