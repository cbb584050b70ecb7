package dev.objectlock.redis.faults;

/** What a fault run counts. */
enum Count {
    /** Requests that a worker has begun, whatever came of them. */
    OPERATIONS("operations"),
    /** Requests that were granted, so that the worker went to the resource with a fence. */
    GRANTS("grants"),
    /** Requests that were refused because somebody was in the way: at once, after a wait, or as a deadlock. */
    REFUSED("refused: busy, timed out, deadlock"),
    /** Holds of which {@code onLost} was told while the worker had them. */
    LOSSES_TOLD("losses told by onLost"),
    /** Holds of which the worker learnt at their end, by an error or {@code LOST}, that they had been lost. */
    ENDED_AS_LOST("holds that ended as lost"),
    /** Entries that the resource refused, because of a newer fence of somebody who shuts the comer out. */
    STALE_ENTRIES("stale entries rejected"),
    /** Writes that the resource refused, because of a newer fence of somebody who shuts the writer out. */
    STALE_WRITES("stale writes rejected"),
    /** Writes that the resource carried out. */
    WRITES("writes"),
    /** Entries while somebody was inside whose hold was over, and who had been told so and had not left yet. */
    OVERLAPS_TOLD("overlaps, the former holder had been told"),
    /**
     * Entries while somebody was inside whose hold was over without a word, since the process had not run for too long, or since
     * the store had lost its data: only the fence protects the resource then.
     */
    OVERLAPS_EXCUSED("overlaps, the former holder was stopped or the store was emptied"),
    /**
     * Entries while somebody was inside whose hold was over without a word, since the process, though it ran, could not be heard
     * by the store for too long: only the fence protects the resource then.
     */
    OVERLAPS_CUT_OFF("overlaps, the former holder was cut off from the store"),
    /** Entries while somebody was inside whose hold the store had no reason to end: the promise is broken. */
    OVERLAPS_UNFENCED("overlaps of unfenced work while the store kept its promises"),
    /** Holds that somebody had been granted over, and that ended as if they had not been lost: the promise is broken. */
    SILENT_LOSSES("losses that nobody was told of"),
    /** Requests and returns that failed for want of the store, when it was certain that nothing was done. */
    ERRORS_KNOWN("backend errors, outcome known"),
    /** Requests and returns that failed for want of the store, when it was not known what was done. */
    ERRORS_UNKNOWN("backend errors, outcome unknown"),
    /** Times that a worker joined the store anew, since the store took it for dead or had been emptied. */
    DEATHS("process deaths noticed"),
    /** Sessions that a worker found ended, and opened anew. */
    SESSIONS_ENDED("sessions found ended"),
    /** Times that a process, or the run itself, found that it had stood still for half the process time-out or more. */
    STALLS("standstills, those of the plan included"),
    /** Whatever no fault explains: an unexpected error in a worker. */
    WRONG("unexpected errors");

    private final String words;

    Count(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
