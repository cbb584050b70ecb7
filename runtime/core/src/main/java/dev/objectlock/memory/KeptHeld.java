package dev.objectlock.memory;

import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockTime.Alarm;
import dev.objectlock.Loss;
import dev.objectlock.Renewal;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.HoldRef;
import dev.objectlock.backend.Terms;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A hold that stays until it is released, its time runs out, or its client ends. */
final class KeptHeld extends Held implements HoldRef {

    /** Whether a client with a session took it, so that it ends with that client, or the user's last one. */
    boolean byClient;

    /** Whether another request than the one that took it asked for it since. */
    boolean takenAgain;

    /** Its place among the holds of its owner: see {@link Clients}. */
    @Nullable
    KeptHeld nextOfOwner;

    @Nullable
    KeptHeld previousOfOwner;

    /** The process that took it, as part of its name: it may follow its client to another one. */
    private final String takenBy;

    private final long number;
    private final long since;
    private LockOwner owner;
    private long fence;

    /** Only of those whose time may run out, and those with a token: most holds have neither. */
    private @Nullable Extra extra;

    /** What few holds have. */
    private static final class Extra {

        private long lastUse;

        /** The last of the process from which it has come to another, or when it was taken. */
        private volatile long formerBeat;

        /** How many running calls use it. While there is one, the lease does not run. */
        private int running;

        private @Nullable Alarm alarm;
        private @Nullable String token;
    }

    KeptHeld(MemoryProcess process, Claim claim, LockOwner owner, long fence, long nanoTime) {
        super(process, claim);
        this.owner = owner;
        this.takenBy = process.id();
        this.number = process.nextHold();
        this.fence = fence;
        this.since = nanoTime;
        if (mayRunOut()) {
            extra().lastUse = nanoTime;
            arm(nanoTime);
        }
    }

    private Extra extra() {
        Extra known = extra;
        if (known == null) {
            known = new Extra();
            known.formerBeat = since;
            extra = known;
        }
        return known;
    }

    private boolean mayRunOut() {
        return hasLease() || terms().maxHold() != null;
    }

    /** The user and client it belongs to, in which flow it was taken being of no interest; one object for all of them. */
    void belongsToAll(LockOwner ofClient) {
        if (!terms().isMonitor()) {
            owner = ofClient;
        }
    }

    /** The secret by which it is found, once somebody has asked for it. */
    @Nullable
    String token() {
        return extra == null ? null : extra.token;
    }

    void token(String secret) {
        extra().token = secret;
    }

    @Override
    LockOwner owner() {
        return owner;
    }

    @Override
    long fence() {
        return fence;
    }

    @Override
    long since() {
        return since;
    }

    @Override
    String name() {
        return id();
    }

    @Override
    public String id() {
        return takenBy + "-k" + Long.toString(number, 36);
    }

    @Override
    public LockPath path() {
        return claim.path();
    }

    /** What this hold is once it also gives what is asked for. */
    Claim widened(Claim asked) {
        return union(claim, asked);
    }

    /** One hold on one object that gives at least what either of two gives. */
    static Claim union(Claim one, Claim other) {
        Terms had = one.terms();
        Terms more = other.terms();
        Terms both = had.withScope(had.isTree() ? had.scope() : more.scope())
                .withAccess(had.access().includes(more.access()) ? had.access() : more.access());
        return new Claim(one.path(), both, one.extent());
    }

    /** It is now on other terms, and whoever compares fences has to learn of it. */
    void upgrade(Claim changed, long newFence) {
        claim = changed;
        fence = newFence;
    }

    /** Taken again: the later end of the two leases counts, and nothing else changes. */
    void renew(Terms asked, long nanoTime) {
        Duration had = terms().lease();
        Duration wanted = asked.lease();
        if (had != null && (wanted == null || wanted.compareTo(had) > 0)) {
            claim = new Claim(claim.path(), terms().withLease(wanted, terms().renewal()), claim.extent());
        }
        used(nanoTime);
    }

    void used(long nanoTime) {
        if (mayRunOut()) {
            // A request may have been asked before the last use and come after it.
            Extra use = extra();
            use.lastUse = nanoTime - use.lastUse > 0 ? nanoTime : use.lastUse;
            arm(nanoTime);
        }
    }

    void beginUse() {
        extra().running++;
    }

    void endUse(long nanoTime) {
        extra().running--;
        if (!ended) {
            used(nanoTime);
        }
    }

    private int running() {
        return extra == null ? 0 : extra.running;
    }

    void end() {
        ended = true;
        disarm();
    }

    /** Whether calls of its owner count as use of it. */
    boolean isRenewedByUse() {
        return hasLease() && terms().renewal() != Renewal.NEVER;
    }

    boolean hasLease() {
        return terms().lease() != null;
    }

    /** Whether it may stay when its client or process ends. */
    boolean outlivesClient() {
        return terms().renewal() == Renewal.NEVER;
    }

    /** Returns why it is over by itself, or null if it is not. */
    Loss.@Nullable Reason overBecause(long nanoTime) {
        Duration longest = terms().maxHold();
        if (longest != null && nanoTime - since >= longest.toNanos()) {
            return Loss.Reason.MAX_HOLD_OVER;
        }
        Duration lease = terms().lease();
        return lease != null && leaseRuns() && nanoTime - lastUse() >= lease.toNanos() ? Loss.Reason.LEASE_OVER : null;
    }

    private boolean leaseRuns() {
        return running() == 0 && !(isAutomatic() && process.isSurelyAlive());
    }

    /** It is for the beats of another process from now on; what those of the former one were for it is not forgotten with that. */
    void follow(MemoryProcess next) {
        Extra use = extra;
        if (isAutomatic() && use != null && process.lastBeat() - use.formerBeat > 0) {
            use.formerBeat = process.lastBeat();
        }
        process = next;
    }

    private long lastUse() {
        MemoryProcess renews = process;
        long lastUse = extra == null ? since : extra.lastUse;
        if (extra != null && extra.formerBeat - lastUse > 0) {
            lastUse = extra.formerBeat;
        }
        return isAutomatic() && renews.lastBeat() - lastUse > 0 ? renews.lastBeat() : lastUse;
    }

    private boolean isAutomatic() {
        return terms().renewal() == Renewal.AUTO;
    }

    @Override
    @Nullable
    Duration timeLeft(long nanoTime) {
        Duration ofLease = leaseLeft(nanoTime);
        Duration ofMaxHold = maxHoldLeft(nanoTime);
        if (ofLease == null || ofMaxHold == null) {
            return ofLease == null ? ofMaxHold : ofLease;
        }
        return ofLease.compareTo(ofMaxHold) < 0 ? ofLease : ofMaxHold;
    }

    private @Nullable Duration leaseLeft(long nanoTime) {
        Duration lease = terms().lease();
        if (lease == null) {
            return null;
        }
        return leaseRuns() ? Duration.ofNanos(Math.max(0, lease.toNanos() - (nanoTime - lastUse()))) : lease;
    }

    /** The alarm is not moved with every use; when it rings early, it is set again. */
    private void arm(long nanoTime) {
        Duration left = timeLeft(nanoTime);
        if (left == null) {
            disarm();
        } else if (extra().alarm == null) {
            extra().alarm = process.backend().time().schedule(left, () -> process.backend()
                    .mayBeOver(this));
        }
    }

    /** The alarm has rung and it was not over: set it again, unless a running call does so at its end. */
    void rearm(long nanoTime) {
        extra().alarm = null;
        if (running() == 0 || terms().maxHold() != null) {
            arm(nanoTime);
        }
    }

    private void disarm() {
        if (extra != null && extra.alarm != null) {
            extra.alarm.cancel();
            extra.alarm = null;
        }
    }
}
