package dev.objectlock.redis.faults;

/**
 * One grant, from its first word to the resource until its worker has given it back. Guarded by the resource.
 */
final class Visit {

    private final Claim claim;
    private final long number;
    private final long fence;
    private final long askedAt;
    private long toldAt = Long.MAX_VALUE;
    private boolean inside;
    private boolean overtaken;
    private int writes;

    /**
     * Creates it.
     *
     * @param claim what was granted
     * @param number its number in its thread
     * @param fence its fence
     * @param askedAt a time before it was asked for
     */
    Visit(Claim claim, long number, long fence, long askedAt) {
        this.claim = claim;
        this.number = number;
        this.fence = fence;
        this.askedAt = askedAt;
    }

    Claim claim() {
        return claim;
    }

    long number() {
        return number;
    }

    long fence() {
        return fence;
    }

    long askedAt() {
        return askedAt;
    }

    void told(long at) {
        toldAt = Math.min(toldAt, at);
    }

    boolean isTold(long at) {
        return toldAt <= at;
    }

    boolean isInside() {
        return inside;
    }

    void inside(boolean now) {
        inside = now;
    }

    boolean isOvertaken() {
        return overtaken;
    }

    /** Somebody whom it shuts out was granted something later, so that it must have been lost before. */
    void overtaken() {
        overtaken = true;
    }

    int writes() {
        return writes;
    }

    void written() {
        writes++;
    }

    @Override
    public String toString() {
        return "thread " + claim.thread() + " with fence " + fence + " (" + claim.line() + ")";
    }
}
