package dev.objectlock.memory;

import dev.objectlock.Blocker;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockTime;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import dev.objectlock.memory.HoldSet.Search;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
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
    private final transient Holdings holds;
    private transient List<Waiter> line = NOBODY;
    private transient List<Runnable> decisions = NO_DECISIONS;

    Tree(MemoryLockBackend backend, String root) {
        this.backend = backend;
        this.root = root;
        this.holds = new Holdings(this, backend);
    }

    boolean isEmpty() {
        return holds.isEmpty() && line.isEmpty();
    }

    /** Decides a request: granted, refused, or into the line. */
    Answer ask(MemoryProcess process, Ask ask) {
        Answer before = answeredBefore(ask);
        if (before != null) {
            return before;
        }
        if (process.hasLeft()) {
            return new Answer.ClientEnded();
        }
        holds.at(ask.askedAt());
        Obstacle obstacle = obstacle(ask);
        if (obstacle == null) {
            Answer granted = holds.grant(process, ask);
            settle();
            return granted;
        }
        Answer.Refused refused = new Answer.Refused(obstacle.blocker, obstacle.claim, line.size() + 1);
        if (ask.patience() == Ask.Patience.NONE || ask.patience() == Ask.Patience.FOR_CALLS && obstacle.kept) {
            settle();
            return refused;
        }
        Waiter waiter = new Waiter(process, ask, refused, holds.now());
        waiter.keptOut = obstacle.kept;
        if (line.isEmpty()) {
            line = new ArrayList<>(2);
        }
        line.add(waiter);
        backend.clients().add(waiter);
        settle();
        return new Answer.Queued(refused, waiter.decision);
    }

    /** A request that is sent again, because its answer was lost, gets the same answer. */
    private @Nullable Answer answeredBefore(Ask ask) {
        if (ask.attachment() instanceof ScopedHeld held) {
            return held.ended ? null : held.granted;
        }
        if (ask.attachment() instanceof Answer.Granted granted) {
            return granted;
        }
        for (Waiter waiter : line) {
            if (waiter.ask == ask) {
                return new Answer.Queued(waiter.refused, waiter.decision);
            }
        }
        return null;
    }

    /** Answers what a request would meet; changes nothing but what is over anyway. */
    Answer.@Nullable Refused check(Ask ask) {
        holds.at(time().nanoTime());
        Obstacle obstacle = obstacle(ask);
        settle();
        return obstacle == null ? null : new Answer.Refused(obstacle.blocker, obstacle.claim, line.size() + 1);
    }

    /** Leaves the line; null if the request is not in it, because it has just been decided or was before. */
    Answer.@Nullable Refused withdraw(Ask ask) {
        holds.at(time().nanoTime());
        settle();
        for (int i = 0; i < line.size(); i++) {
            Waiter waiter = line.get(i);
            if (waiter.ask == ask) {
                // Whoever has nothing in the way has just been granted, at this same time.
                Obstacle obstacle = amongHolds(ask);
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
        holds.at(time().nanoTime());
        for (ScopedHeld held = first; held != null; held = held.next) {
            if (!held.ended) {
                holds.end(held);
            }
        }
        settle();
    }

    /** Ends kept holds; those that are gone are passed over. */
    List<HoldInfo> end(List<KeptHeld> ending, Ending how) {
        holds.at(time().nanoTime());
        List<HoldInfo> ended = new ArrayList<>(ending.size());
        for (KeptHeld held : ending) {
            holds.clearIfOver(held);
            if (!held.isEnded()) {
                ended.add(held.info(time()));
                holds.endKept(held);
            }
        }
        if (!ended.isEmpty()) {
            backend.announce(how.event(List.copyOf(ended), time().now()));
        }
        settle();
        return ended;
    }

    /** Removes waiters whose client has ended. */
    void dismiss(List<Waiter> waiters) {
        holds.at(time().nanoTime());
        waiters.forEach(this::removeFromLine);
        settle();
    }

    private void removeFromLine(Waiter waiter) {
        if (!line.isEmpty() && line.remove(waiter)) {
            backend.clients().remove(waiter);
            decide(waiter, new Answer.ClientEnded());
        }
    }

    /** The work of {@link MemoryProcess#leave}: everything of one process ends before anybody else is let in. */
    void leave(MemoryProcess process) {
        holds.at(time().nanoTime());
        for (Waiter waiter : List.copyOf(line)) {
            if (waiter.process == process) {
                removeFromLine(waiter);
            }
        }
        List<KeptHeld> kept = new ArrayList<>();
        for (Held held : holds.under(LockPath.ofEscaped(root, ""))) {
            if (held.process != process) {
                continue;
            }
            if (held instanceof KeptHeld one) {
                if (!backend.clients().livesOn(one)) {
                    kept.add(one);
                }
            } else if (held instanceof ScopedHeld scoped && !scoped.ended) {
                holds.end(scoped);
                process.lost(scoped.ask);
            }
        }
        end(kept, Ending.RELEASED);
    }

    /** The alarm of a lease has rung. */
    void leaseMayBeOver(KeptHeld held) {
        if (!held.isEnded()) {
            endIfOver(held);
        }
        if (!held.isEnded()) {
            held.rearm(holds.now());
        }
    }

    void endIfOver(KeptHeld held) {
        holds.at(time().nanoTime());
        holds.clearIfOver(held);
        settle();
    }

    /** What is in the way of work that takes no lock. Waiters are not. */
    @Nullable
    Held inTheWayOf(Claim claim, LockOwner owner) {
        holds.at(time().nanoTime());
        Held found = holds.conflict(claim, owner, Search.NOT_OWN);
        settle();
        return found;
    }

    /** The owner's kept holds that cover an object. */
    List<KeptHeld> keptCovering(LockPath path, LockOwner owner) {
        holds.at(time().nanoTime());
        List<KeptHeld> covering = holds.keptCovering(path, owner);
        settle();
        return covering;
    }

    Holdings holds() {
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
        int clearedBefore = holds.clearedAway();
        List<Waiter> ahead = new ArrayList<>(line.size());
        for (Iterator<Waiter> waiters = line.iterator(); waiters.hasNext(); ) {
            Waiter waiter = waiters.next();
            if (waiter.process.hasLeft()) {
                waiters.remove();
                backend.clients().remove(waiter);
                decide(waiter, new Answer.ClientEnded());
                changed = true;
                continue;
            }
            Obstacle obstacle = amongHolds(waiter.ask);
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
                decide(waiter, holds.grant(waiter.process, waiter.ask));
                // What it keeps may change who is held off further up: look again from the front.
                return true;
            }
        }
        return changed || holds.clearedAway() != clearedBefore;
    }

    private static boolean isBehind(Ask ask, List<Waiter> ahead) {
        for (Waiter waiter : ahead) {
            for (Claim claim : ask.claims()) {
                if (waiter.claimInTheWayOf(claim, ask.owner()) != null) {
                    return true;
                }
            }
        }
        return false;
    }

    /** What is in the way of a request: a kept hold if there is one, else a scoped one, else a waiter in front. */
    private @Nullable Obstacle obstacle(Ask ask) {
        Obstacle obstacle = holds.isEmpty() ? null : amongHolds(ask);
        if (obstacle == null && !line.isEmpty()) {
            // Whoever waited for a lease that has just run out was here first.
            settle();
            obstacle = holds.isEmpty() ? null : amongHolds(ask);
            if (obstacle == null && !ask.passesWaiters()) {
                obstacle = behind(ask, line.size());
            }
        }
        return obstacle;
    }

    private @Nullable Obstacle behind(Ask ask, int end) {
        for (int i = 0; i < end; i++) {
            Waiter waiter = line.get(i);
            for (int claim = 0; !waiter.keptOut && claim < ask.claims().size(); claim++) {
                Claim inTheWay = waiter.claimInTheWayOf(ask.claims().get(claim), ask.owner());
                if (inTheWay != null) {
                    return new Obstacle(new Blocker(waiter.info(inTheWay, time()), true), claim, false);
                }
            }
        }
        return null;
    }

    private @Nullable Obstacle amongHolds(Ask ask) {
        Held found = null;
        int claimInQuestion = 0;
        for (int i = 0; i < ask.claims().size(); i++) {
            Claim claim = ask.claims().get(i);
            KeptHeld same = claim.terms().kept() ? holds.sameKept(claim, ask.owner()) : null;
            if (same != null
                    && same.terms()
                            .includes(Holdings.withOthersOnSame(claim, ask.claims())
                                    .terms())) {
                continue;
            }
            if (same != null) {
                // What it will be afterwards counts, and that may be more than either.
                claim = same.widened(claim);
            }
            if (claim.terms().kept()) {
                claim = Holdings.withOthersOnSame(claim, ask.claims());
            }
            Held any = holds.conflict(claim, ask.owner(), Search.ANY);
            if (any == null) {
                continue;
            }
            Held kept = any.isKept() ? any : holds.conflict(claim, ask.owner(), Search.KEPT);
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

    private LockTime time() {
        return backend.time();
    }

    /** Never written out; the synchronizer above is serializable, this is not. */
    private void writeObject(java.io.ObjectOutputStream out) throws java.io.IOException {
        throw new java.io.NotSerializableException(getClass().getName());
    }

    private record Obstacle(Blocker blocker, int claim, boolean kept) {}
}
