package dev.objectlock;

import java.time.Instant;
import java.util.List;

/**
 * A change that was committed, as an Undo menu lists it.
 *
 * @param root the tree in whose history it is
 * @param id the id of its transaction; greater than those of all earlier ones under the root
 * @param name what the menu shows, for instance {@code Transpose by 3}
 * @param parts what it changed, at least one
 * @param owner whose change it was
 * @param at when it was committed
 */
public record UndoEntry(LockPath root, long id, String name, List<ChangedPart> parts, LockOwner owner, Instant at) {

    /** Copies the list. */
    public UndoEntry {
        parts = List.copyOf(parts);
    }
}
