package dev.objectlock.spring.boot.actuate;

import dev.objectlock.ChangedPart;
import dev.objectlock.Extent;
import dev.objectlock.LockOwner;
import dev.objectlock.TransactionInfo;
import dev.objectlock.UndoEntry;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One transaction, open or committed, as the endpoint writes it.
 *
 * @param id its id; as text, since JavaScript does not keep such numbers exactly
 * @param name its name, as an Undo menu shows it
 * @param parts what it changes
 * @param user whose it is; null for nobody in particular
 * @param client on which client
 * @param flow of which execution
 * @param since when it was begun; of one that can be undone or redone, when it was committed
 */
record TransactionView(
        String id,
        String name,
        List<Part> parts,
        @Nullable String user,
        @Nullable String client,
        @Nullable String flow,
        Instant since) {

    /**
     * What is changed of one object.
     *
     * @param path the object, as {@link dev.objectlock.LockPath#parse} reads it
     * @param from the first position; null for the whole object
     * @param to the position behind the last; null for the whole object
     */
    record Part(String path, @Nullable Long from, @Nullable Long to) {

        static Part of(ChangedPart part) {
            Extent extent = part.extent();
            return new Part(
                    part.path().toString(), extent == null ? null : extent.from(), extent == null ? null : extent.to());
        }
    }

    static TransactionView of(TransactionInfo open) {
        return of(open.id(), open.name(), open.parts(), open.owner(), open.since());
    }

    static TransactionView of(UndoEntry entry) {
        return of(entry.id(), entry.name(), entry.parts(), entry.owner(), entry.at());
    }

    private static TransactionView of(long id, String name, List<ChangedPart> parts, LockOwner owner, Instant since) {
        return new TransactionView(
                Long.toString(id),
                name,
                parts.stream().map(Part::of).toList(),
                owner.user(),
                owner.client(),
                owner.flow(),
                since);
    }
}
