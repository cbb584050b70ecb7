package dev.objectlock.redis.faults;

/** One visit of the resource, as its worker sees it: tells the resource each step. Used by one thread. */
final class Visiting {

    private final Talk resource;
    private final long number;
    private boolean entered;

    Visiting(Talk resource, long number) {
        this.resource = resource;
        this.number = number;
    }

    long number() {
        return number;
    }

    /** Returns whether it may go in. */
    boolean enter(long fence, Claim claim) {
        entered = true;
        return resource.say("enter " + number + " " + fence + " " + claim.line())
                .equals("in");
    }

    void write() {
        resource.say("write " + number);
    }

    void leave() {
        resource.say("leave " + number);
    }

    /** The request is over, with or without a visit. */
    void ended(String how) {
        resource.say(entered ? "end " + number + " " + how : "failed " + how);
    }
}
