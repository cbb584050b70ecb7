package dev.objectlock.memory;

import dev.objectlock.Blocker;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.ConflictRule;
import dev.objectlock.memory.HoldSet.Search;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The line of those who wait in one tree, and what each request waits for: holds, and those in front of it. Guarded by the
 * mutex of the tree.
 */
abstract class WaitingLine extends Holdings {

    private static final long serialVersionUID = 1L;

    private static final List<Waiter> NOBODY = List.of();
    private static final List<Runnable> NO_DECISIONS = List.of();

    private transient List<Waiter> line = NOBODY;
    private transient List<Runnable> decisions = NO_DECISIONS;

    WaitingLine(MemoryLockBackend backend) {
        super(backend);
    }

    /** Begins an operation, now. */
    final void atNow() {
        at(time().nanoTime());
    }

    final boolean isNobodyWaiting() {
        return line.isEmpty();
    }

    /** Puts a request at the end of the line. */
    final Answer.Queued join(MemoryProcess process, Ask ask, Obstacle obstacle) {
        Waiter waiter = new Waiter(process, ask, refused(obstacle), now());
        waiter.keptOut = obstacle.kept();
        if (line.isEmpty()) {
            line = new ArrayList<>(2);
        }
        line.add(waiter);
        backend.clients().add(waiter);
        settle();
        return waiter.queued();
    }

    /** The place of a request in the line; null if it has none. */
    @Nullable
    final Waiter waiterOf(Ask ask) {
        for (Waiter waiter : line) {
            if (waiter.ask == ask) {
                return waiter;
            }
        }
        return null;
    }

    final int slotsWaitedFor(LockPath path) {
        for (Waiter waiter : line) {
            for (Claim claim : waiter.ask.claims()) {
                if (claim.terms().isSlot() && claim.path().equals(path)) {
                    return claim.terms().slots();
                }
            }
        }
        return 0;
    }

    /** Leaves the line; null if the request is not in it, because it has just been decided or was before. */
    final Answer.@Nullable Refused withdraw(Ask ask) {
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

    /** Removes waiters, and tells them why. */
    final void dismiss(Predicate<Waiter> which, Answer why) {
        atNow();
        remove(which, why);
        settle();
    }

    /** As {@link #dismiss}, while there is still more to change. */
    final void remove(Predicate<Waiter> which, Answer why) {
        for (Waiter waiter : List.copyOf(line)) {
            if (which.test(waiter)) {
                line.remove(waiter);
                backend.clients().remove(waiter);
                decide(waiter, why);
            }
        }
    }

    /** The requests in the line. */
    final List<Ask> waiting() {
        return line.stream().map(waiter -> waiter.ask).toList();
    }

    final List<HoldInfo> waitersFor(LockPath path) {
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

    /** Whoever waits may run anything when told, so they are told after the mutex has been given back. */
    private void decide(Waiter waiter, Answer answer) {
        decisions = decisions.isEmpty() ? new ArrayList<>(2) : decisions;
        decisions.add(() -> waiter.decision.complete(answer));
    }

    /** Returns what has been decided about waiters, to be told when the mutex has been given back. */
    final List<Runnable> takeDecisions() {
        List<Runnable> taken = decisions;
        decisions = NO_DECISIONS;
        return taken;
    }

    /** Goes along the line and decides whoever can be decided now. */
    final void settle() {
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
    final Obstacle obstacle(Ask ask) {
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
    @Nullable
    final Claim judged(Claim claim, Ask ask) {
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
    final Obstacle amongHolds(Claim claim, LockOwner owner, int part) {
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

    /** The refusal of a request that would be the last in the line. */
    final Answer.Refused refused(Obstacle obstacle) {
        return refused(obstacle, line.size());
    }

    private Answer.Refused refused(Obstacle obstacle, int ahead) {
        return new Answer.Refused(blocker(obstacle), obstacle.part(), ahead + 1);
    }

    final Blocker blocker(Obstacle obstacle) {
        return obstacle.held() != null
                ? blocker(obstacle.held())
                : new Blocker(obstacle.waiterOrThrow().info(obstacle.theirs(), time()), Blocker.Kind.WAITER);
    }

    final Blocker blocker(Held held) {
        return new Blocker(held.info(time()), Blocker.Kind.HOLD);
    }
}
