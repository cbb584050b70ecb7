package dev.objectlock.backend;

import dev.objectlock.Blocker;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What a backend says to an {@link Ask}. */
public sealed interface Answer {

    /** The claims are held, and all of them are scoped: whatever else there is to know, the request knows. */
    Granted SCOPED = new Granted(List.of());

    /**
     * The claims are held. {@link Ask#fence} is the fence of this grant, greater than every earlier one under the root.
     *
     * @param kept the kept holds that were asked for, in the order of their claims
     */
    record Granted(List<Kept> kept) implements Answer {}

    /**
     * A kept hold that was granted or renewed.
     *
     * @param ref the hold
     * @param fence its fence: that of this grant, or if it was renewed its own
     * @param created whether this request took it; false if the owner had it before
     */
    record Kept(HoldRef ref, long fence, boolean created) {}

    /**
     * Not granted, and not in the line.
     *
     * @param blocker who is in the way
     * @param claim the index of the claim that it is in the way of
     * @param position the place it would have, or had, in the line
     */
    record Refused(Blocker blocker, int claim, int position) implements Answer {}

    /**
     * In the line.
     *
     * @param refused who is in the way at this moment
     * @param decision completes once: with any other answer
     */
    record Queued(Refused refused, CompletionStage<Answer> decision) implements Answer {}

    /** The client ended while the request was waiting; it has left the line. */
    record ClientEnded() implements Answer {}

    /** The store takes this process for dead, or never knew it: it must join anew. Nothing was done. */
    record ProcessGone() implements Answer {}

    /**
     * The object was removed while the request was waiting; it has left the line.
     *
     * @param path what was removed
     * @param by who did it
     */
    record ObjectRemoved(LockPath path, LockOwner by) implements Answer {}

    /**
     * A counting lock has another number of slots than the request says. Nothing was done.
     *
     * @param claim the index of the claim
     * @param slots the number it has
     */
    record SlotsDiffer(int claim, int slots) implements Answer {}
}
