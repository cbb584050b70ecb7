package dev.objectlock.memory;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.Loss;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import dev.objectlock.memory.HoldSet.Search;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that is held and waited for under one root, and the mutex that protects it. Everything here is called with the
 * mutex held.
 */
final class Tree extends WaitingLine {

    private static final long serialVersionUID = 1L;

    /** For {@link Trees}: the next one in the table. A tree that is gone is used again, for another root. */
    transient @Nullable Tree nextInTable;

    private boolean inUse;

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
        return hasNoHolds() && isNobodyWaiting();
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
        if (ask.patience() == Ask.Patience.NONE || ask.patience() == Ask.Patience.FOR_CALLS && obstacle.kept()) {
            Answer.Refused refused = refused(obstacle);
            settle();
            return refused;
        }
        return join(process, ask, obstacle);
    }

    /** A request that is sent again, because its answer was lost, gets the same answer. */
    private @Nullable Answer answeredBefore(Ask ask) {
        if (ask.attachment() instanceof ScopedHeld held) {
            return held.ended ? null : Answer.SCOPED;
        }
        if (ask.attachment() instanceof Granted granted) {
            return granted.first() != null && granted.first().ended ? null : granted.answer();
        }
        Waiter waiter = waiterOf(ask);
        return waiter == null ? null : waiter.queued();
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

    /** Answers what a request would meet; changes nothing but what is over anyway. */
    @Nullable
    Answer check(Ask ask) {
        atNow();
        Answer answer = otherSlots(ask);
        if (answer == null) {
            Obstacle obstacle = obstacle(ask);
            answer = obstacle == null ? null : refused(obstacle);
        }
        settle();
        return answer;
    }

    /** Gives all scoped holds of a request back. Without leases and waiters the time does not matter. */
    void giveBack(ScopedHeld first) {
        if (hasLeases() || !isNobodyWaiting()) {
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

    /** Everything of one process ends before anybody else is let in; what belongs to a session ends with that. */
    void leave(MemoryProcess process, Ending how, Loss loss) {
        atNow();
        remove(waiter -> waiter.process == process, new Answer.ProcessGone());
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

    /** The scoped holds of other flows that a waiter waits for. */
    List<HoldInfo> waitsFor(Ask ask) {
        List<HoldInfo> inTheWay = new ArrayList<>();
        if (waiterOf(ask) == null) {
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

    /** Never written out; the synchronizer above is serializable, this is not. */
    private void writeObject(java.io.ObjectOutputStream out) throws java.io.IOException {
        throw new java.io.NotSerializableException(getClass().getName());
    }
}
