package dev.objectlock.memory;

import dev.objectlock.Blocker;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.Loss;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.ConflictRule;
import dev.objectlock.memory.HoldSet.Search;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All that is held and waited for under one root, and the mutex that protects it. Everything here is called with the
 * mutex held.
 */
final class Tree extends Holdings {

    private static final long serialVersionUID = 1L;

    private static final List<Waiter> NOBODY = List.of();
    private static final List<Runnable> NO_DECISIONS = List.of();

    /** For {@link Trees}: the next one in the table. A tree that is gone is used again, for another root. */
    transient @Nullable Tree nextInTable;

    private boolean inUse;
    private transient List<Waiter> line = NOBODY;
    private transient List<Runnable> decisions = NO_DECISIONS;

    Tree(MemoryLockBackend backend) {
        super(backend);
    }

    /** It is the tree of a root from now on. */
    void begin(String name, long lastFence) {
        root = name;
        startFencesAt(lastFence);
        inUse = true;
    }

    /** It is out of the table; whoever got hold of it before must look again. Returns its last fence. */
    long endUse() {
        inUse = false;
        return lastFence();
    }

    boolean isInUse() {
        return inUse;
    }

    boolean isOf(String name) {
        return inUse && root.equals(name);
    }

    boolean isEmpty() {
        return hasNoHolds() && line.isEmpty();
    }

    /** Begins an operation, now. */
    void atNow() {
        at(time().nanoTime());
    }

    /** Decides a request: granted, refused, or into the line. */
    Answer ask(MemoryProcess process, Ask ask) {
        Answer before = answeredBefore(ask);
        if (before != null) {
            return before;
        }
        if (process.hasLeft()) {
            return new Answer.ProcessGone();
        }
        at(ask.askedAt());
        Answer.SlotsDiffer differ = otherSlots(ask);
        if (differ != null) {
            return differ;
        }
        Obstacle obstacle = obstacle(ask);
        if (obstacle == null) {
            Answer granted = grant(process, ask);
            settle();
            return granted;
        }
        Answer.Refused refused = refused(obstacle, line.size());
        if (ask.patience() == Ask.Patience.NONE || ask.patience() == Ask.Patience.FOR_CALLS && obstacle.kept()) {
            settle();
            return refused;
        }
        Waiter waiter = new Waiter(process, ask, refused, now());
        waiter.keptOut = obstacle.kept();
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
            return held.ended ? null : Answer.SCOPED;
        }
        if (ask.attachment() instanceof Granted granted) {
            return granted.first() != null && granted.first().ended ? null : granted.answer();
        }
        for (Waiter waiter : line) {
            if (waiter.ask == ask) {
                return new Answer.Queued(waiter.refused, waiter.decision);
            }
        }
        return null;
    }

    /** The first fixes the number of slots, until no hold and no waiter is left. */
    private Answer.@Nullable SlotsDiffer otherSlots(Ask ask) {
        for (int part = 0; part < ask.claims().size(); part++) {
            Claim claim = ask.claims().get(part);
            if (claim.terms().isSlot()) {
                Held held = slotOn(claim.path());
                int slots = held != null ? held.terms().slots() : slotsWaitedFor(claim.path());
                if (slots != 0 && slots != claim.terms().slots()) {
                    return new Answer.SlotsDiffer(part, slots);
                }
            }
        }
        return null;
    }

    private int slotsWaitedFor(LockPath path) {
        for (Waiter waiter : line) {
            for (Claim claim : waiter.ask.claims()) {
                if (claim.terms().isSlot() && claim.path().equals(path)) {
                    return claim.terms().slots();
                }
            }
        }
        return 0;
    }

    /** Answers what a request would meet; changes nothing but what is over anyway. */
    @Nullable
    Answer check(Ask ask) {
        atNow();
        Answer answer = otherSlots(ask);
        if (answer == null) {
            Obstacle obstacle = obstacle(ask);
            answer = obstacle == null ? null : refused(obstacle, line.size());
        }
        settle();
        return answer;
    }

    /** Leaves the line; null if the request is not in it, because it has just been decided or was before. */
    Answer.@Nullable Refused withdraw(Ask ask) {
        atNow();
        settle();
        for (int i = 0; i < line.size(); i++) {
            Waiter waiter = line.get(i);
            if (waiter.ask == ask) {
                // Whoever has nothing in the way has just been granted, at this same time.
                Obstacle obstacle = amongHolds(ask);
                if (obstacle == null) {
                    obstacle = behind(ask, line.subList(0, i));
                }
                if (obstacle == null) {
                    throw new IllegalStateException("a request waits for nothing: " + ask.claims());
                }
                line.remove(i);
                backend.clients().remove(waiter);
                settle();
                return refused(obstacle, i);
            }
        }
        return null;
    }

    /** Gives all scoped holds of a request back. Without leases and waiters the time does not matter. */
    void giveBack(ScopedHeld first) {
        if (hasLeases() || !line.isEmpty()) {
            atNow();
        }
        for (ScopedHeld held = first; held != null; held = held.nextOfAsk) {
            if (!held.ended) {
                end(held);
            }
        }
        settle();
    }

    /** Leaves the line, or gives all back that a request took; what was taken again since stays. */
    void undo(Ask ask) {
        withdraw(ask);
        if (ask.attachment() instanceof ScopedHeld held) {
            giveBack(held);
        } else if (ask.attachment() instanceof Granted granted) {
            if (granted.first() != null) {
                giveBack(granted.first());
            }
            end(
                    granted.answer().kept().stream()
                            .filter(Answer.Kept::created)
                            .map(kept -> (KeptHeld) kept.ref())
                            .filter(held -> !held.takenAgain)
                            .toList(),
                    Ending.RELEASED);
        }
    }

    /** Ends kept holds; those that are gone are passed over. */
    List<HoldInfo> end(List<KeptHeld> ending, Ending how) {
        atNow();
        List<HoldInfo> ended = new ArrayList<>(ending.size());
        for (KeptHeld held : ending) {
            clearIfOver(held);
            if (!held.ended) {
                ended.add(held.info(time()));
                endKept(held);
            }
        }
        if (!ended.isEmpty()) {
            announce(how, ended);
        }
        settle();
        return ended;
    }

    /** Ends a hold of a running call; empty if it was gone. */
    Optional<HoldInfo> loseScoped(ScopedHeld held, Loss loss, Ending how) {
        atNow();
        Optional<HoldInfo> lost = held.ended ? Optional.empty() : Optional.of(lose(held, loss));
        lost.ifPresent(info -> announce(how, List.of(info)));
        settle();
        return lost;
    }

    /** Removes waiters, and tells them why. */
    void dismiss(Predicate<Waiter> which, Answer why) {
        atNow();
        for (Waiter waiter : List.copyOf(line)) {
            if (which.test(waiter)) {
                line.remove(waiter);
                backend.clients().remove(waiter);
                decide(waiter, why);
            }
        }
        settle();
    }

    /** The requests in the line. */
    List<Ask> waiting() {
        return line.stream().map(waiter -> waiter.ask).toList();
    }

    /** Everything of one process ends before anybody else is let in; what belongs to a session ends with that. */
    void leave(MemoryProcess process, Ending how, Loss loss) {
        atNow();
        for (Waiter waiter : List.copyOf(line)) {
            if (waiter.process == process) {
                line.remove(waiter);
                backend.clients().remove(waiter);
                decide(waiter, new Answer.ProcessGone());
            }
        }
        List<KeptHeld> kept = new ArrayList<>();
        List<HoldInfo> lost = new ArrayList<>();
        for (Held held : under(rootPath())) {
            if (held.process != process) {
                continue;
            }
            if (held instanceof KeptHeld one) {
                if (!one.byClient && !one.outlivesClient()) {
                    kept.add(one);
                }
            } else if (held instanceof ScopedHeld scoped && !scoped.ended) {
                lost.add(lose(scoped, loss));
            }
        }
        if (!lost.isEmpty()) {
            announce(Ending.lost(loss.reason()), lost);
        }
        end(kept, how);
    }

    /** The store began anew: all of the processes that it knew is gone, and nothing is told, since nobody is left who could. */
    void forgetAll() {
        atNow();
        for (Held held : under(rootPath())) {
            if (held.process.hasLeft()) {
                forget(held);
            }
        }
        // Waiters of processes that have left are told to join anew.
        settle();
    }

    private void forget(Held held) {
        if (held instanceof KeptHeld kept) {
            drop(kept);
        } else if (held instanceof ScopedHeld scoped) {
            end(scoped);
        }
    }

    /** The alarm of a kept hold has rung. */
    void mayBeOver(KeptHeld held) {
        if (!held.ended) {
            endIfOver(held);
        }
        if (!held.ended) {
            held.rearm(now());
        }
    }

    void endIfOver(KeptHeld held) {
        atNow();
        clearIfOver(held);
        settle();
    }

    /** What is in the way of work that takes no lock. Waiters are not. */
    @Nullable
    Held inTheWayOf(Claim claim, LockOwner owner) {
        atNow();
        Held found = hasNoHolds() ? null : conflict(claim, owner, Search.NOT_OWN);
        settle();
        return found;
    }

    LockPath rootPath() {
        return LockPath.ofEscaped(root, "");
    }

    List<HoldInfo> waitersFor(LockPath path) {
        List<HoldInfo> waiters = new ArrayList<>();
        for (Waiter waiter : line) {
            for (int part = 0; part < waiter.ask.claims().size(); part++) {
                Claim claim = waiter.ask.claims().get(part);
                if (claim.path().equals(path)
                        || claim.terms().isTree() && claim.path().isAtOrAbove(path)) {
                    waiters.add(waiter.info(part, time()));
                    break;
                }
            }
        }
        return waiters;
    }

    /** The scoped holds of other flows that a waiter waits for. */
    List<HoldInfo> waitsFor(Ask ask) {
        List<HoldInfo> inTheWay = new ArrayList<>();
        if (line.stream().noneMatch(waiter -> waiter.ask == ask)) {
            return inTheWay;
        }
        for (Claim asked : ask.claims()) {
            Claim claim = judged(asked, ask);
            if (claim == null) {
                continue;
            }
            List<Held> near = covering(claim.path());
            if (claim.terms().isTree()) {
                near.addAll(under(claim.path()));
            }
            for (Held held : near) {
                boolean onlySlot = held.terms().slots() == 1 && claim.terms().slots() == 1;
                if (held instanceof ScopedHeld
                        && !held.owner().isSameFlow(ask.owner())
                        && (onlySlot || held.conflictsWith(claim, ask.owner()))) {
                    inTheWay.add(held.info(time()));
                }
            }
        }
        return inTheWay;
    }

    Blocker blocker(Held held) {
        return new Blocker(held.info(time()), Blocker.Kind.HOLD);
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
    void settle() {
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
        int clearedBefore = clearedAway();
        List<Waiter> ahead = new ArrayList<>(line.size());
        int before = 0;
        for (Iterator<Waiter> waiters = line.iterator(); waiters.hasNext(); ) {
            Waiter waiter = waiters.next();
            if (waiter.process.hasLeft()) {
                leaveLine(waiters, waiter, new Answer.ProcessGone());
                changed = true;
                continue;
            }
            Obstacle obstacle = amongHolds(waiter.ask);
            waiter.keptOut = obstacle != null && obstacle.kept();
            if (obstacle != null && obstacle.kept()) {
                if (waiter.ask.patience() == Ask.Patience.FOR_CALLS) {
                    leaveLine(waiters, waiter, refused(obstacle, before));
                    changed = true;
                } else {
                    before++;
                }
            } else if (obstacle != null || !waiter.ask.passesWaiters() && behind(waiter.ask, ahead) != null) {
                ahead.add(waiter);
                before++;
            } else {
                leaveLine(waiters, waiter, grant(waiter.process, waiter.ask));
                // What it keeps may change who is held off further up: look again from the front.
                return true;
            }
        }
        return changed || clearedAway() != clearedBefore;
    }

    private void leaveLine(Iterator<Waiter> at, Waiter waiter, Answer answer) {
        at.remove();
        backend.clients().remove(waiter);
        decide(waiter, answer);
    }

    /** What is in the way of a request: a kept hold if there is one, else a scoped one, else a waiter in front. */
    @Nullable
    Obstacle obstacle(Ask ask) {
        Obstacle obstacle = hasNoHolds() ? null : amongHolds(ask);
        if (obstacle == null && !line.isEmpty()) {
            // Whoever waited for a lease that has just run out was here first.
            settle();
            obstacle = hasNoHolds() ? null : amongHolds(ask);
            if (obstacle == null && !ask.passesWaiters()) {
                obstacle = behind(ask, line);
            }
        }
        return obstacle;
    }

    /** A waiter in front that a request must not pass. One that a kept hold keeps out holds nobody off. */
    private @Nullable Obstacle behind(Ask ask, List<Waiter> ahead) {
        for (int part = 0; part < ask.claims().size(); part++) {
            Claim claim = judged(ask.claims().get(part), ask);
            if (claim == null) {
                continue;
            }
            int free = claim.terms().isSlot() ? claim.terms().slots() - slotsOn(claim.path()) : 0;
            for (Waiter waiter : ahead) {
                if (waiter.keptOut) {
                    continue;
                }
                for (int other = 0; other < waiter.ask.claims().size(); other++) {
                    Claim theirs = judged(waiter.ask.claims().get(other), waiter.ask);
                    if (theirs == null) {
                        continue;
                    }
                    boolean slotToo = claim.terms().isSlot()
                            && theirs.terms().isSlot()
                            && theirs.path().equals(claim.path());
                    // As many slots as wait in front must be left for them.
                    if (slotToo && --free <= 0
                            || ConflictRule.conflict(theirs, waiter.ask.owner(), claim, ask.owner())) {
                        return new Obstacle(waiter, other, part);
                    }
                }
            }
        }
        return null;
    }

    private @Nullable Obstacle amongHolds(Ask ask) {
        Obstacle found = null;
        for (int part = 0; part < ask.claims().size(); part++) {
            Claim claim = judged(ask.claims().get(part), ask);
            Obstacle obstacle = claim == null ? null : amongHolds(claim, ask.owner(), part);
            if (obstacle != null && obstacle.kept()) {
                return obstacle;
            }
            found = found == null ? obstacle : found;
        }
        return found;
    }

    /** What a claim comes to once it is granted, which may be more than it says; null if the owner has it already. */
    private @Nullable Claim judged(Claim claim, Ask ask) {
        if (!claim.terms().kept()) {
            return claim;
        }
        KeptHeld same = sameKept(claim, ask.owner());
        if (same != null
                && same.terms().includes(withOthersOnSame(claim, ask.claims()).terms())) {
            return null;
        }
        return withOthersOnSame(same == null ? claim : same.widened(claim), ask.claims());
    }

    @Nullable
    Obstacle amongHolds(Claim claim, LockOwner owner, int part) {
        Held any = conflict(claim, owner, Search.ANY);
        Held kept = any == null || any.isKept() ? any : conflict(claim, owner, Search.KEPT);
        if (kept != null) {
            return new Obstacle(kept, part);
        }
        Obstacle slots = claim.terms().isSlot() ? amongSlots(claim, part) : null;
        return any == null || slots != null && slots.kept() ? slots : new Obstacle(any, part);
    }

    private @Nullable Obstacle amongSlots(Claim claim, int part) {
        while (slotsOn(claim.path()) >= claim.terms().slots()) {
            Held held = slotOn(claim.path());
            if (!(held instanceof KeptHeld) || !clearedAnyOver(claim.path())) {
                return held == null ? null : new Obstacle(held, part);
            }
        }
        return null;
    }

    private boolean clearedAnyOver(LockPath path) {
        int before = clearedAway();
        for (Held held : on(path)) {
            if (held instanceof KeptHeld kept) {
                clearIfOver(kept);
            }
        }
        return clearedAway() != before;
    }

    private Answer.Refused refused(Obstacle obstacle, int ahead) {
        return new Answer.Refused(blocker(obstacle), obstacle.part(), ahead + 1);
    }

    Blocker blocker(Obstacle obstacle) {
        return obstacle.held() != null
                ? blocker(obstacle.held())
                : new Blocker(obstacle.waiterOrThrow().info(obstacle.theirs(), time()), Blocker.Kind.WAITER);
    }

    /** Never written out; the synchronizer above is serializable, this is not. */
    private void writeObject(java.io.ObjectOutputStream out) throws java.io.IOException {
        throw new java.io.NotSerializableException(getClass().getName());
    }
}
