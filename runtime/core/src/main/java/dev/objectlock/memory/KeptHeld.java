package dev.objectlock.memory;

import dev.objectlock.LockTime.Alarm;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.HoldRef;
import dev.objectlock.backend.Terms;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A hold that stays until it is released, its lease runs out, or its client ends. */
final class KeptHeld extends Held implements HoldRef {

    /** Whether a client with a session took it, so that it ends with the user's last one. */
    boolean byClient;

    private final long number;
    private final int part;
    private boolean ended;

    /** How many running calls use it. While there is one, the lease does not run. */
    private int running;

    private long lastUse;
    private @Nullable Alarm alarm;

    KeptHeld(MemoryProcess process, Ask ask, int part, long fence, long nanoTime) {
        super(process, ask.owner(), ask.claims().get(part), fence, nanoTime);
        this.number = ask.number();
        this.part = part;
        this.lastUse = nanoTime;
        arm(nanoTime);
    }

    /** What this hold is once it also gives what is asked for. */
    Claim widened(Claim asked) {
        return union(claim, asked);
    }

    /** One hold on one object that gives at least what either of two gives. */
    static Claim union(Claim one, Claim other) {
        Terms had = one.terms();
        Terms more = other.terms();
        return new Claim(
                one.path(),
                new Terms(
                        had.mode(),
                        had.isTree() ? had.scope() : more.scope(),
                        had.access().includes(more.access()) ? had.access() : more.access(),
                        true,
                        had.lease()),
                one.extent());
    }

    void widen(Claim asked, long newFence) {
        claim = widened(asked);
        fence = newFence;
    }

    /** Taken again: the later end of the two leases counts. */
    void renew(@Nullable Duration askedLease, long nanoTime) {
        Duration had = terms().lease();
        if (had != null) {
            boolean longer = askedLease == null || askedLease.compareTo(had) > 0;
            if (longer) {
                Terms terms = terms();
                claim = new Claim(
                        claim.path(),
                        new Terms(terms.mode(), terms.scope(), terms.access(), true, askedLease),
                        claim.extent());
            }
        }
        used(nanoTime);
    }

    void used(long nanoTime) {
        // A request may have been asked before the last use and come after it.
        lastUse = nanoTime - lastUse > 0 ? nanoTime : lastUse;
        arm(nanoTime);
    }

    void beginUse() {
        running++;
    }

    void endUse(long nanoTime) {
        running--;
        if (!ended) {
            used(nanoTime);
        }
    }

    boolean isEnded() {
        return ended;
    }

    void end() {
        ended = true;
        disarm();
    }

    boolean isLeaseOver(long nanoTime) {
        Duration lease = terms().lease();
        return lease != null && running == 0 && nanoTime - lastUse >= lease.toNanos();
    }

    boolean hasLease() {
        return terms().lease() != null;
    }

    @Override
    @Nullable
    Duration timeLeft(long nanoTime) {
        Duration lease = terms().lease();
        if (lease == null) {
            return null;
        }
        return running > 0 ? lease : Duration.ofNanos(Math.max(0, lease.toNanos() - (nanoTime - lastUse)));
    }

    @Override
    String name() {
        return id();
    }

    @Override
    public String id() {
        return Ask.holdId(owner, number, part);
    }

    /** The alarm is not moved with every use; when it rings early, it is set again. */
    private void arm(long nanoTime) {
        Duration left = timeLeft(nanoTime);
        if (left == null) {
            disarm();
        } else if (alarm == null) {
            alarm = process.backend().time().schedule(left, () -> process.backend()
                    .leaseMayBeOver(this));
        }
    }

    /** The alarm has rung and the lease was not over: set it again, unless a running call does so at its end. */
    void rearm(long nanoTime) {
        alarm = null;
        if (running == 0) {
            arm(nanoTime);
        }
    }

    private void disarm() {
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
    }
}
