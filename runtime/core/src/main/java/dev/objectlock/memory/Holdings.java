package dev.objectlock.memory;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockEvent;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockTime;
import dev.objectlock.Loss;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.Terms;
import dev.objectlock.memory.HoldSet.Search;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The holds of one tree as they come and go: granted, taken again, widened, used by running calls, and over. Guarded by the
 * mutex of the tree.
 */
abstract class Holdings extends TreeHolds {

    private static final long serialVersionUID = 1L;

    final transient MemoryLockBackend backend;

    /** The name of the tree. */
    String root = "";

    /** The time of the operation that is going on, read once: within it nothing is over at one place and not at another. */
    private transient long now;

    private transient long lastFence;

    /** How many kept holds have a lease; without any, no call needs to look for the ones it uses. */
    private transient int leased;

    /** How many holds were cleared away because they were met when they were over; the line is then looked at again. */
    private transient int clearedAway;

    Holdings(MemoryLockBackend backend) {
        this.backend = backend;
    }

    /** Begins an operation at a time. */
    final void at(long nanoTime) {
        now = nanoTime;
    }

    final long now() {
        return now;
    }

    final int clearedAway() {
        return clearedAway;
    }

    final boolean hasLeases() {
        return leased > 0;
    }

    /** What is over is cleared away wherever it is met. */
    final void clearIfOver(KeptHeld held) {
        Loss.Reason reason = held.ended ? null : held.overBecause(now);
        if (reason != null) {
            HoldInfo info = held.info(time());
            endKept(held);
            clearedAway++;
            announce(Ending.expired(reason), List.of(info));
        }
    }

    /** Tells what happened, in the order of the tree. */
    final void announce(Ending how, List<HoldInfo> holds) {
        backend.announce(how.event(List.copyOf(holds), time().now(), nextChange()));
    }

    final void startFencesAt(long last) {
        lastFence = last;
    }

    final long lastFence() {
        return lastFence;
    }

    private long nextFence() {
        return ++lastFence;
    }

    /** The number of a change: it grows as fences do. */
    final long nextChange() {
        return nextFence();
    }

    /** The owner's kept holds that cover an object. */
    final List<KeptHeld> keptCovering(LockPath path, LockOwner owner) {
        List<KeptHeld> covering = new ArrayList<>(2);
        forEachKeptCovering(path, owner, covering::add);
        covering.forEach(this::clearIfOver);
        covering.removeIf(held -> held.ended);
        return covering;
    }

    final void end(ScopedHeld held) {
        held.end(now);
        remove(held);
    }

    /** Ends a hold that a running call relies on, and tells its process; returns what it was, to be announced. */
    final HoldInfo lose(ScopedHeld held, Loss loss) {
        HoldInfo info = held.info(time());
        end(held);
        held.process.listener().lost(held.ask, loss);
        return info;
    }

    /** Finds a hold that conflicts with a claim; what is over is cleared away when it is met. */
    @Nullable
    final Held conflict(Claim claim, LockOwner owner, Search search) {
        Held found = find(claim, owner, search);
        while (found instanceof KeptHeld kept && kept.overBecause(now) != null) {
            clearIfOver(kept);
            found = find(claim, owner, search);
        }
        return found;
    }

    /** One per object, mode and owner (and extent, if narrowed). */
    @Nullable
    final KeptHeld sameKept(Claim claim, LockOwner owner) {
        if (claim.terms().isSlot()) {
            return null;
        }
        KeptHeld[] same = {null};
        forEachKeptOn(claim.path(), owner, held -> {
            if (held.terms().mode() == claim.terms().mode()
                    && !held.terms().isSlot()
                    && Objects.equals(held.claim.extent(), claim.extent())) {
                same[0] = held;
            }
        });
        KeptHeld found = same[0];
        if (found != null) {
            clearIfOver(found);
        }
        return found == null || found.ended ? null : found;
    }

    /** Makes, renews or widens what a request asks for, after it has been judged. */
    final Answer.Granted grant(MemoryProcess process, Ask ask) {
        List<Claim> claims = ask.claims();
        Answer.Granted granted;
        if (claims.size() == 1 && !claims.get(0).terms().kept()) {
            ask.granted(nextFence(), now);
            hold(process, ask, 0, null);
            granted = Answer.SCOPED;
        } else {
            granted = grantAll(process, ask, claims);
        }
        if (ask.isTransaction()) {
            backend.transactionGranted(process, ask);
        }
        return granted;
    }

    private Answer.Granted grantAll(MemoryProcess process, Ask ask, List<Claim> claims) {
        boolean allRenewed = true;
        for (Claim claim : claims) {
            KeptHeld same = claim.terms().kept() ? sameKept(claim, ask.owner()) : null;
            allRenewed &= same != null && same.terms().includes(claim.terms());
        }
        ask.granted(allRenewed ? 0 : nextFence(), now);
        ScopedHeld scoped = null;
        List<Answer.Kept> kept = new ArrayList<>(2);
        List<HoldInfo> announced = new ArrayList<>(2);
        for (int part = 0; part < claims.size(); part++) {
            if (claims.get(part).terms().kept()) {
                kept.add(keep(process, ask, part, announced));
            } else {
                scoped = hold(process, ask, part, scoped);
            }
        }
        if (allRenewed) {
            ask.granted(kept.get(0).fence(), now);
        }
        if (!announced.isEmpty()) {
            announce(LockEvent.Acquired::new, announced);
        }
        Answer.Granted granted = new Answer.Granted(kept);
        ask.attach(new Granted(granted, scoped));
        return granted;
    }

    /** What a request was answered, in case it is sent again. */
    record Granted(Answer.Granted answer, @Nullable ScopedHeld first) {}

    private ScopedHeld hold(MemoryProcess process, Ask ask, int part, @Nullable ScopedHeld before) {
        ScopedHeld held = new ScopedHeld((Tree) this, process, ask, part, before);
        add(held);
        ask.attach(held);
        if (leased > 0) {
            markUse(held);
        }
        Duration longest = held.terms().maxHold();
        if (longest != null) {
            held.alarm = time().schedule(longest, () -> backend.maxHoldOver(held));
        }
        return held;
    }

    private Answer.Kept keep(MemoryProcess process, Ask ask, int part, List<HoldInfo> announced) {
        Claim claim = ask.claims().get(part);
        KeptHeld same = sameKept(claim, ask.owner());
        KeptHeld held = same == null ? create(process, ask, part) : same;
        boolean enough = same != null && same.terms().includes(claim.terms());
        if (same != null) {
            again(same, claim, ask, enough);
        }
        if (!enough) {
            announced.add(held.info(time()));
        }
        return new Answer.Kept(held, held.fence(), same == null);
    }

    /** What one hold will be that several claims of a request make together. */
    static Claim withOthersOnSame(Claim claim, List<Claim> all) {
        Claim together = claim;
        for (Claim other : all) {
            Terms had = together.terms();
            if (other.terms().kept()
                    && other.terms().mode() == had.mode()
                    && !other.terms().isSlot()
                    && !had.isSlot()
                    && other.path().equals(claim.path())
                    && Objects.equals(other.extent(), claim.extent())
                    && !had.includes(other.terms())) {
                together = KeptHeld.union(together, other);
            }
        }
        return together;
    }

    private KeptHeld create(MemoryProcess process, Ask ask, int part) {
        Claim claim = ask.claims().get(part);
        KeptHeld held =
                new KeptHeld(process, claim.at(backend.names().shared(claim.path())), ask.owner(), ask.fence(), now);
        add(held);
        backend.clients().add(held);
        startLease(held);
        return held;
    }

    /** Calls of the owner that are running on what a hold covers, or all around it, use it from the start. */
    private void startLease(KeptHeld held) {
        leased += held.hasLease() ? 1 : 0;
        markRunning(held);
    }

    /** Calls of the owner that are running on what a hold covers now use it. */
    final void markRunning(KeptHeld held) {
        if (held.isRenewedByUse()) {
            forEachScopedMeeting(held, running -> running.use(held));
        }
    }

    /** It is elsewhere now: calls are on what it covers, or it is on what others cover. */
    final void markMoved(Held held) {
        if (leased > 0) {
            if (held instanceof KeptHeld kept) {
                markRunning(kept);
            } else if (held instanceof ScopedHeld scoped) {
                markUse(scoped);
            }
        }
    }

    private void again(KeptHeld held, Claim asked, Ask ask, boolean enough) {
        // One request may ask for the same hold twice.
        held.takenAgain |= held.fence() != ask.fence();
        leased -= held.hasLease() ? 1 : 0;
        if (!enough) {
            change(held, held.widened(asked), ask.fence());
        }
        held.renew(asked.terms(), now);
        backend.clients().takenAgain(held, ask.owner());
        startLease(held);
    }

    /** Puts a hold on other terms, or elsewhere. */
    final void change(KeptHeld held, Claim changed, long fence) {
        remove(held);
        held.upgrade(changed, fence);
        add(held);
    }

    private void markUse(ScopedHeld call) {
        Consumer<KeptHeld> use = kept -> {
            if (kept.isRenewedByUse() && kept.claim.overlaps(call.claim)) {
                call.use(kept);
            }
        };
        keptCovering(call.claim.path(), call.owner()).forEach(use);
        if (call.terms().isTree()) {
            // Calls further down may join this one, and the store does not hear of them.
            List<KeptHeld> below = new ArrayList<>(2);
            forEachKeptBelow(call.claim.path(), call.owner(), below::add);
            below.forEach(this::clearIfOver);
            below.removeIf(held -> held.ended);
            below.forEach(use);
        }
    }

    /** Takes a kept hold out of the tree, and nothing else. */
    final void drop(KeptHeld held) {
        held.end();
        remove(held);
        leased -= held.hasLease() ? 1 : 0;
    }

    final void endKept(KeptHeld held) {
        drop(held);
        backend.clients().remove(held);
        String token = held.token();
        if (token != null) {
            backend.forget(token);
        }
    }

    final LockTime time() {
        return backend.time();
    }
}
