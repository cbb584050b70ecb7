package dev.objectlock.memory;

import dev.objectlock.Blocker;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockEvent;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockTime;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.Terms;
import dev.objectlock.memory.HoldSet.Search;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * All that is held and waited for under one root, and the mutex that protects it. Everything here is called with the
 * mutex held.
 */
final class Tree extends Mutex {

    private static final long serialVersionUID = 1L;

    private static final List<Waiter> NOBODY = List.of();
    private static final List<Runnable> NO_DECISIONS = List.of();

    final String root;

    /** Set when the tree has been taken out of the table; whoever got hold of it before must look again. */
    boolean gone;

    private final transient MemoryLockBackend backend;
    private final transient TreeHolds holds = new TreeHolds();
    private transient List<Waiter> line = NOBODY;
    private transient List<Runnable> decisions = NO_DECISIONS;

    /** How many kept holds have a lease; without any, no call needs to look for the ones it uses. */
    private int leased;

    /** How many holds were cleared away because they were met when they were over; the line is then looked at again. */
    private int clearedAway;

    Tree(MemoryLockBackend backend, String root) {
        this.backend = backend;
        this.root = root;
    }

    boolean isEmpty() {
        return holds.isEmpty() && line.isEmpty();
    }

    /** Decides a request: granted, refused, or into the line. */
    Answer ask(MemoryProcess process, Ask ask) {
        if (process.hasLeft()) {
            return new Answer.ClientEnded();
        }
        long nanoTime = ask.askedAt();
        Obstacle obstacle = obstacle(ask, nanoTime);
        if (obstacle == null) {
            Answer granted = grant(process, ask, nanoTime);
            settle();
            return granted;
        }
        Answer.Refused refused = new Answer.Refused(obstacle.blocker, obstacle.claim, line.size() + 1);
        if (ask.patience() == Ask.Patience.NONE || ask.patience() == Ask.Patience.FOR_CALLS && obstacle.kept) {
            settle();
            return refused;
        }
        Waiter waiter = new Waiter(process, ask, nanoTime);
        waiter.keptOut = obstacle.kept;
        if (line.isEmpty()) {
            line = new ArrayList<>(2);
        }
        line.add(waiter);
        backend.clients().add(waiter);
        settle();
        return new Answer.Queued(refused, waiter.decision);
    }

    /** Answers what a request would meet; changes nothing but what is over anyway. */
    Answer.@Nullable Refused check(Ask ask) {
        Obstacle obstacle = obstacle(ask, time().nanoTime());
        settle();
        return obstacle == null ? null : new Answer.Refused(obstacle.blocker, obstacle.claim, line.size() + 1);
    }

    /** Leaves the line; null if the request is not in it, because it has just been decided or was before. */
    Answer.@Nullable Refused withdraw(Ask ask) {
        settle();
        for (int i = 0; i < line.size(); i++) {
            Waiter waiter = line.get(i);
            if (waiter.ask == ask) {
                Obstacle obstacle = amongHolds(ask, time().nanoTime());
                if (obstacle == null) {
                    obstacle = behind(ask, i);
                }
                if (obstacle == null) {
                    throw new IllegalStateException("a request waits for nothing: " + ask.claims());
                }
                line.remove(i);
                backend.clients().remove(waiter);
                settle();
                return new Answer.Refused(obstacle.blocker, obstacle.claim, i + 1);
            }
        }
        return null;
    }

    void giveBack(ScopedHeld first) {
        for (ScopedHeld held = first; held != null; held = held.next) {
            if (!held.ended) {
                held.ended = true;
                held.endUse();
                holds.remove(held);
            }
        }
        settle();
    }

    /** Ends kept holds; those that are gone are passed over. */
    List<HoldInfo> end(List<KeptHeld> ending, Ending how) {
        List<HoldInfo> ended = new ArrayList<>(ending.size());
        for (KeptHeld held : ending) {
            if (!held.isEnded()) {
                ended.add(held.info(time()));
                remove(held);
            }
        }
        if (!ended.isEmpty()) {
            backend.announce(how.event(List.copyOf(ended), time().now()));
            settle();
        }
        return ended;
    }

    /** Removes a waiter whose client has ended. */
    void dismiss(Waiter waiter) {
        if (line.remove(waiter)) {
            backend.clients().remove(waiter);
            decide(waiter, new Answer.ClientEnded());
            settle();
        }
    }

    /** The work of {@link MemoryProcess#leave}: everything of one process ends. */
    void leave(MemoryProcess process) {
        for (Waiter waiter : List.copyOf(line)) {
            if (waiter.process == process) {
                dismiss(waiter);
            }
        }
        List<KeptHeld> kept = new ArrayList<>();
        for (Held held : holds.under(LockPath.ofEscaped(root, ""))) {
            if (held.process != process) {
                continue;
            }
            if (held instanceof KeptHeld one) {
                kept.add(one);
            } else if (held instanceof ScopedHeld scoped && !scoped.ended) {
                scoped.ended = true;
                scoped.endUse();
                holds.remove(scoped);
                process.lost(scoped.ask);
            }
        }
        end(kept, Ending.RELEASED);
        settle();
    }

    /** The alarm of a lease has rung. */
    void leaseMayBeOver(KeptHeld held) {
        endIfOver(held);
        if (!held.isEnded()) {
            held.rearm(time().nanoTime());
        }
    }

    void endIfOver(KeptHeld held) {
        if (held.isLeaseOver(time().nanoTime())) {
            end(List.of(held), Ending.EXPIRED);
        }
    }

    /** What is in the way of work that takes no lock. Waiters are not. */
    @Nullable
    Held inTheWayOf(Claim claim, LockOwner owner) {
        long nanoTime = time().nanoTime();
        Held found = conflict(claim, owner, Search.NOT_OWN, nanoTime);
        settle();
        return found;
    }

    /** The owner's kept holds that cover an object. */
    List<KeptHeld> keptCovering(LockPath path, LockOwner owner) {
        List<KeptHeld> covering = new ArrayList<>(2);
        long nanoTime = time().nanoTime();
        holds.forEachKeptCovering(path, owner, held -> {
            if (!held.isLeaseOver(nanoTime)) {
                covering.add(held);
            }
        });
        return covering;
    }

    boolean hasLeases() {
        return leased > 0;
    }

    TreeHolds holds() {
        return holds;
    }

    List<HoldInfo> waitersFor(LockPath path) {
        List<HoldInfo> waiters = new ArrayList<>();
        for (Waiter waiter : line) {
            for (Claim claim : waiter.ask.claims()) {
                if (claim.path().equals(path)
                        || claim.terms().isTree() && claim.path().isAtOrAbove(path)) {
                    waiters.add(waiter.info(claim, time()));
                    break;
                }
            }
        }
        return waiters;
    }

    Blocker blocker(Held held) {
        return new Blocker(held.info(time()), false);
    }

    /** Whoever waits may run anything when told, so they are told after the mutex has been given back. */
    private void decide(Waiter waiter, Answer answer) {
        decisions = decisions.isEmpty() ? new ArrayList<>(2) : decisions;
        decisions.add(() -> waiter.decision.complete(answer));
    }

    /** Returns what has been decided about waiters, to be told when the mutex has been given back. */
    List<Runnable> takeDecisions() {
        List<Runnable> taken = decisions;
        decisions = NO_DECISIONS;
        return taken;
    }

    /** Goes along the line and decides whoever can be decided now. */
    private void settle() {
        boolean changed = !line.isEmpty();
        while (changed) {
            changed = settleOnce();
        }
        if (line.isEmpty()) {
            line = NOBODY;
        }
    }

    private boolean settleOnce() {
        boolean changed = false;
        int clearedBefore = clearedAway;
        long nanoTime = time().nanoTime();
        List<Waiter> ahead = new ArrayList<>(line.size());
        for (Iterator<Waiter> waiters = line.iterator(); waiters.hasNext(); ) {
            Waiter waiter = waiters.next();
            Obstacle obstacle = amongHolds(waiter.ask, nanoTime);
            waiter.keptOut = obstacle != null && obstacle.kept;
            if (obstacle != null && obstacle.kept) {
                if (waiter.ask.patience() == Ask.Patience.FOR_CALLS) {
                    waiters.remove();
                    backend.clients().remove(waiter);
                    decide(waiter, new Answer.Refused(obstacle.blocker, obstacle.claim, ahead.size() + 1));
                    changed = true;
                }
            } else if (obstacle != null || !waiter.ask.passesWaiters() && isBehind(waiter.ask, ahead)) {
                ahead.add(waiter);
            } else {
                waiters.remove();
                backend.clients().remove(waiter);
                decide(waiter, grant(waiter.process, waiter.ask, nanoTime));
                changed = true;
            }
        }
        return changed || clearedAway != clearedBefore;
    }

    private static boolean isBehind(Ask ask, List<Waiter> ahead) {
        for (Waiter waiter : ahead) {
            if (waiter.claimInTheWayOf(ask) != null) {
                return true;
            }
        }
        return false;
    }

    /** What is in the way of a request: a kept hold if there is one, else a scoped one, else a waiter in front. */
    private @Nullable Obstacle obstacle(Ask ask, long nanoTime) {
        Obstacle obstacle = holds.isEmpty() ? null : amongHolds(ask, nanoTime);
        if (obstacle == null && !line.isEmpty()) {
            // Whoever waited for a lease that has just run out was here first.
            settle();
            obstacle = holds.isEmpty() ? null : amongHolds(ask, nanoTime);
            if (obstacle == null && !ask.passesWaiters()) {
                obstacle = behind(ask, line.size());
            }
        }
        return obstacle;
    }

    private @Nullable Obstacle behind(Ask ask, int end) {
        for (int i = 0; i < end; i++) {
            Waiter waiter = line.get(i);
            Claim inTheWay = waiter.keptOut ? null : waiter.claimInTheWayOf(ask);
            if (inTheWay != null) {
                return new Obstacle(new Blocker(waiter.info(inTheWay, time()), true), 0, false);
            }
        }
        return null;
    }

    private @Nullable Obstacle amongHolds(Ask ask, long nanoTime) {
        Held found = null;
        int claimInQuestion = 0;
        for (int i = 0; i < ask.claims().size(); i++) {
            Claim claim = ask.claims().get(i);
            if (isHeldAlready(claim, ask.owner(), nanoTime)) {
                continue;
            }
            Held any = conflict(claim, ask.owner(), Search.ANY, nanoTime);
            if (any == null) {
                continue;
            }
            Held kept = any.isKept() ? any : conflict(claim, ask.owner(), Search.KEPT, nanoTime);
            if (kept != null) {
                return new Obstacle(blocker(kept), i, true);
            }
            if (found == null) {
                found = any;
                claimInQuestion = i;
            }
        }
        return found == null ? null : new Obstacle(blocker(found), claimInQuestion, false);
    }

    /** Finds a conflicting hold; what is over is cleared away when it is met. */
    private @Nullable Held conflict(Claim claim, LockOwner owner, Search search, long nanoTime) {
        Held found = holds.conflict(claim, owner, search);
        while (found instanceof KeptHeld kept && kept.isLeaseOver(nanoTime)) {
            HoldInfo info = kept.info(time());
            remove(kept);
            clearedAway++;
            backend.announce(Ending.EXPIRED.event(List.of(info), time().now()));
            found = holds.conflict(claim, owner, search);
        }
        return found;
    }

    private boolean isHeldAlready(Claim claim, LockOwner owner, long nanoTime) {
        KeptHeld same = claim.terms().kept() ? sameKept(claim, owner, nanoTime) : null;
        return same != null && same.terms().includes(claim.terms());
    }

    /** One per object, mode and owner (and extent, if narrowed). */
    private @Nullable KeptHeld sameKept(Claim claim, LockOwner owner, long nanoTime) {
        KeptHeld[] same = {null};
        holds.forEachKeptOn(claim.path(), owner, held -> {
            if (held.terms().mode() == claim.terms().mode()
                    && Objects.equals(held.claim.extent(), claim.extent())
                    && !held.isLeaseOver(nanoTime)) {
                same[0] = held;
            }
        });
        return same[0];
    }

    private Answer grant(MemoryProcess process, Ask ask, long nanoTime) {
        long fence = 0;
        ScopedHeld scoped = null;
        List<Answer.Kept> kept = List.of();
        List<HoldInfo> announced = List.of();
        for (int i = 0; i < ask.claims().size(); i++) {
            Claim claim = ask.claims().get(i);
            Terms terms = claim.terms();
            if (!terms.kept()) {
                fence = fence == 0 ? backend.fences().next(root) : fence;
                scoped = new ScopedHeld(this, process, ask, i, fence, nanoTime, scoped);
                holds.add(scoped);
                continue;
            }
            KeptHeld same = sameKept(claim, ask.owner(), nanoTime);
            boolean enough = same != null && same.terms().includes(terms);
            if (!enough) {
                fence = fence == 0 ? backend.fences().next(root) : fence;
            }
            KeptHeld held = same == null ? create(process, ask, i, fence, nanoTime) : again(same, claim, enough, fence);
            kept = kept.isEmpty() ? new ArrayList<>(2) : kept;
            kept.add(new Answer.Kept(held, held.fence, same == null));
            if (!enough) {
                announced = announced.isEmpty() ? new ArrayList<>(2) : announced;
                announced.add(held.info(time()));
            }
        }
        if (scoped != null) {
            ask.attach(scoped);
            if (leased > 0) {
                markUse(scoped, ask.owner());
            }
        }
        if (!announced.isEmpty()) {
            backend.announce(new LockEvent.Acquired(List.copyOf(announced), time().now()));
        }
        return new Answer.Granted(fence == 0 ? kept.get(0).fence() : fence, kept);
    }

    private KeptHeld create(MemoryProcess process, Ask ask, int part, long fence, long nanoTime) {
        KeptHeld held = new KeptHeld(process, ask, part, fence, nanoTime);
        holds.add(held);
        leased += held.hasLease() ? 1 : 0;
        backend.clients().add(held);
        return held;
    }

    private KeptHeld again(KeptHeld held, Claim asked, boolean enough, long fence) {
        leased -= held.hasLease() ? 1 : 0;
        if (!enough) {
            holds.remove(held);
            held.widen(asked, fence);
            holds.add(held);
        }
        held.renew(asked.terms().lease(), time().nanoTime());
        leased += held.hasLease() ? 1 : 0;
        return held;
    }

    private void markUse(ScopedHeld first, LockOwner owner) {
        for (ScopedHeld held = first; held != null; held = held.next) {
            List<KeptHeld> using = new ArrayList<>(2);
            for (KeptHeld kept : keptCovering(held.claim.path(), owner)) {
                if (kept.hasLease()) {
                    using.add(kept);
                }
            }
            held.beginUse(using);
        }
    }

    private void remove(KeptHeld held) {
        held.end();
        holds.remove(held);
        leased -= held.hasLease() ? 1 : 0;
        backend.clients().remove(held);
    }

    private LockTime time() {
        return backend.time();
    }

    /** Never written out; the synchronizer above is serializable, this is not. */
    private void writeObject(java.io.ObjectOutputStream out) throws java.io.IOException {
        throw new java.io.NotSerializableException(getClass().getName());
    }

    private record Obstacle(Blocker blocker, int claim, boolean kept) {}

    /** A completed stage, for those who need no waiting. */
    static <T> CompletableFuture<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }
}
