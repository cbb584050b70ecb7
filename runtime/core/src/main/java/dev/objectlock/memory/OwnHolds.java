package dev.objectlock.memory;

import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.Released;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.backend.Guard;
import dev.objectlock.backend.GuardAnswer;
import dev.objectlock.backend.HoldRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What an owner does with kept holds in a tree: finds them, gives them back, relies on them. With the mutex of the tree held. */
final class OwnHolds {

    private final Tree tree;
    private final MemoryProcess process;

    OwnHolds(Tree tree, MemoryProcess process) {
        this.tree = tree;
        this.process = process;
    }

    List<HoldRef> find(LockPath path, Set<LockMode> modes, LockOwner owner) {
        List<HoldRef> own = new ArrayList<>(2);
        tree.forEachKeptOn(path, owner, held -> {
            if (modes.contains(held.terms().mode()) && !held.terms().isSlot()) {
                own.add(held);
            }
        });
        return own;
    }

    Released release(LockPath path, Set<LockMode> modes, LockOwner owner, boolean ofAnyClient) {
        Predicate<Held> own = held -> held.belongsTo(owner)
                || ofAnyClient
                        && held.terms().mode() == LockMode.CLIENT
                        && held.owner().isSameUser(owner);
        List<Held> there = tree.covering(path);
        List<KeptHeld> wanted = new ArrayList<>(2);
        for (Held held : there) {
            if (held instanceof KeptHeld kept
                    && isOn(kept, path)
                    && modes.contains(kept.terms().mode())
                    && own.test(kept)) {
                wanted.add(kept);
            }
        }
        // What turns out to be over is not released any more; the process knows that it was lost.
        if (!tree.end(wanted, Ending.RELEASED).isEmpty()) {
            return Released.RELEASED;
        }
        there.removeIf(held -> held.ended || held.terms().isSlot());
        if (there.stream().anyMatch(own.negate())) {
            return Released.NOT_YOURS;
        }
        boolean covered = there.stream()
                .anyMatch(held -> held.isKept() && !held.claim.path().equals(path));
        return covered ? Released.COVERED_BY : Released.NOT_HELD;
    }

    private static boolean isOn(KeptHeld held, LockPath path) {
        return held.claim.path().equals(path) && !held.terms().isSlot();
    }

    /** Begins work that uses a hold, if that is of any use to it. */
    GuardAnswer.Use use(KeptHeld held) {
        return held.ended || !held.isRenewedByUse() ? GuardAnswer.Use.NONE : begin(List.of(held));
    }

    private GuardAnswer.Use begin(List<KeptHeld> leased) {
        // Nothing would end what a process begins after its own end.
        return process.hasLeft() ? GuardAnswer.Use.NONE : process.began(new RunningUse(process, tree.root, leased));
    }

    /** Whether what an owner keeps is enough for a guard, nothing being in its way; what it uses is used while it works. */
    GuardAnswer guard(Guard guard) {
        List<KeptHeld> own = tree.keptCovering(guard.claim().path(), guard.owner());
        tree.settle();
        if (guard.mustBeHeld() && own.stream().noneMatch(held -> isEnough(held, guard))) {
            return new GuardAnswer.NotHeld();
        }
        List<KeptHeld> leased = own.stream().filter(KeptHeld::isRenewedByUse).toList();
        return leased.isEmpty() ? GuardAnswer.PASSED : new GuardAnswer.Passed(begin(leased));
    }

    private static boolean isEnough(KeptHeld held, Guard guard) {
        return !held.terms().isSlot()
                && held.claim.covers(guard.claim())
                && held.terms().access().includes(guard.claim().terms().access());
    }
}
