package dev.objectlock.backend;

import dev.objectlock.LockEvent;
import java.util.List;

/**
 * The store's answer to a sign of life.
 *
 * @param alive false if the store takes this process for dead, or never knew it: it must join anew, and all its scoped holds
 *     are gone
 * @param epoch the store's epoch: another one than before means that it has lost all it knew
 * @param losses kept holds that were lost since the last beat, whether or not they have been told already
 */
public record Beat(boolean alive, String epoch, List<LockEvent> losses) {

    /** Copies the list. */
    public Beat {
        losses = List.copyOf(losses);
    }
}
