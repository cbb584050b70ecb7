package dev.objectlock.engine;

import dev.objectlock.Hold;

/** What a running call has: a scoped hold, or none because its work goes on without one. */
public sealed interface CallHold extends Taken permits ScopedHold, ExemptHold {

    /** As the body sees it. */
    Hold asCurrent();

    /** One call has ended. The last one gives the hold back. */
    void end();

    /**
     * A call has returned: ends its part.
     *
     * @param took whether this call took the hold, and did not join it
     * @throws dev.objectlock.LockLostException if the hold, or one that this call took to keep, had been lost meanwhile
     */
    void endAfterReturn(boolean took);

    /**
     * A call has failed: ends its part, and gives back whatever kept hold it took and did not find.
     *
     * @param took whether this call took the hold, and did not join it
     * @param failure what the call threw; a failing release is added to it and never hides it
     */
    void endAfterFailure(boolean took, Throwable failure);

    /**
     * The transaction around a call that has returned is over: ends its part. What became of it meanwhile can only be written
     * down.
     *
     * @param took whether this call took the hold, and did not join it
     * @param committed whether the transaction was committed; else the call counts as failed
     */
    void endAfterTransaction(boolean took, boolean committed);
}
