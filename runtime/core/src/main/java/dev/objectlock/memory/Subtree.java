package dev.objectlock.memory;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockEvent;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.Loss;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.ChangeAnswer;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.Terms;
import dev.objectlock.memory.HoldSet.Search;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is done to objects of a tree as such: another scope, another path, or gone. With the mutex of the tree held. */
final class Subtree {

    /** Of requests that are only judged. */
    static final Ask.Series NO_SERIES = new Ask.Series("judged");

    private final Tree tree;

    Subtree(Tree tree) {
        this.tree = tree;
    }

    ChangeAnswer changeScope(LockPath path, LockScope scope, Ask judged) {
        tree.atNow();
        List<KeptHeld> own = new ArrayList<>(2);
        tree.forEachKeptOn(path, judged.owner(), held -> {
            if (held.terms().mode() != LockMode.MONITOR) {
                own.add(held);
            }
        });
        own.forEach(tree::clearIfOver);
        own.removeIf(held -> held.ended);
        if (own.isEmpty()) {
            tree.settle();
            return new ChangeAnswer.NotHeld();
        }
        own.removeIf(held -> held.terms().scope() == scope);
        if (scope == LockScope.TREE) {
            own.stream().filter(held -> held.claim.extent() != null).findAny().ifPresent(narrowed -> {
                throw new LockConfigurationException("the lock on " + path + " " + narrowed.claim.extent()
                        + " cannot be changed to TREE: an extent is part of one object");
            });
            for (KeptHeld held : own) {
                Ask wider = new Ask(
                        judged.owner(),
                        NO_SERIES,
                        List.of(scoped(held.claim, scope)),
                        Ask.Patience.NONE,
                        judged.passesWaiters(),
                        judged.askedAt());
                Obstacle obstacle = tree.obstacle(wider);
                if (obstacle != null) {
                    tree.settle();
                    return new ChangeAnswer.InTheWay(path, tree.blocker(obstacle));
                }
            }
        }
        List<HoldInfo> changed = new ArrayList<>(own.size());
        long fence = scope == LockScope.TREE ? tree.nextChange() : 0;
        for (KeptHeld held : own) {
            tree.change(held, scoped(held.claim, scope), fence == 0 ? held.fence() : fence);
            tree.markRunning(held);
            changed.add(held.info(tree.time()));
        }
        if (!changed.isEmpty()) {
            tree.announce(LockEvent.ScopeChanged::new, changed);
        }
        tree.settle();
        return new ChangeAnswer.Done();
    }

    private static Claim scoped(Claim claim, LockScope scope) {
        return new Claim(claim.path(), claim.terms().withScope(scope), claim.extent());
    }

    ChangeAnswer move(LockPath from, LockPath to, LockOwner owner) {
        tree.atNow();
        if (!mayMove(from, owner)) {
            tree.settle();
            return new ChangeAnswer.NotHeld();
        }
        List<Held> moving = tree.under(from);
        Map<Held, Claim> moved = new HashMap<>();
        // Before anything is changed: a path may become too long.
        moving.forEach(held -> moved.put(held, held.claim.at(held.claim.path().moved(from, to))));
        IdentityHashMap<Ask, List<Claim>> movedAsks = new IdentityHashMap<>();
        for (Held held : moving) {
            if (held instanceof ScopedHeld scoped) {
                movedAsks.put(scoped.ask, moved(scoped.ask, from, to));
            }
        }
        tree.waiting().forEach(ask -> movedAsks.put(ask, moved(ask, from, to)));
        moving.forEach(tree::remove);
        ChangeAnswer.InTheWay inTheWay = inTheWay(moved, to, owner);
        if (inTheWay == null) {
            moved.forEach((held, claim) -> held.claim = claim);
        }
        moving.forEach(tree::add);
        if (inTheWay != null) {
            tree.settle();
            return inTheWay;
        }
        List<HoldInfo> kept = new ArrayList<>();
        for (Held held : moving) {
            if (held.isKept()) {
                kept.add(held.info(tree.time()));
            }
        }
        moving.forEach(tree::markMoved);
        movedAsks.forEach(Ask::moved);
        tree.announce((holds, at, number) -> new LockEvent.Moved(holds, at, number, from, to), kept);
        tree.settle();
        return new ChangeAnswer.Done();
    }

    /** The claims of a request after those in a subtree have been moved. */
    private static List<Claim> moved(Ask ask, LockPath from, LockPath to) {
        return ask.claims().stream()
                .map(claim ->
                        from.isAtOrAbove(claim.path()) ? claim.at(claim.path().moved(from, to)) : claim)
                .toList();
    }

    private boolean mayMove(LockPath from, LockOwner owner) {
        boolean may = false;
        for (Held held : tree.covering(from)) {
            if (held instanceof KeptHeld kept) {
                tree.clearIfOver(kept);
            }
            may |= !held.ended
                    && held.belongsTo(owner)
                    && held.terms().access() == LockAccess.EXCLUSIVE
                    && !held.terms().isSlot()
                    && held.claim.extent() == null;
        }
        return may;
    }

    private ChangeAnswer.@Nullable InTheWay inTheWay(Map<Held, Claim> moved, LockPath to, LockOwner owner) {
        for (Map.Entry<Held, Claim> one : moved.entrySet()) {
            Claim claim = one.getValue();
            Held other = tree.conflict(claim, one.getKey().owner(), Search.ANY);
            if (other == null && claim.terms().isSlot()) {
                other = tree.slotOn(claim.path());
            }
            if (other != null) {
                return new ChangeAnswer.InTheWay(claim.path(), tree.blocker(other));
            }
        }
        Claim wholeTree = new Claim(to, Terms.scoped(LockMode.USER, LockScope.TREE, LockAccess.EXCLUSIVE));
        Held other = tree.conflict(wholeTree, owner, Search.NOT_OWN);
        return other == null ? null : new ChangeAnswer.InTheWay(to, tree.blocker(other));
    }

    List<HoldInfo> remove(LockPath path, LockOwner by) {
        tree.atNow();
        List<HoldInfo> ended = new ArrayList<>();
        Loss loss = new Loss(Loss.Reason.REMOVED, by, null, tree.time().now());
        for (Held held : tree.under(path)) {
            if (held instanceof KeptHeld one) {
                tree.clearIfOver(one);
                if (!one.ended) {
                    ended.add(one.info(tree.time()));
                    tree.endKept(one);
                }
            } else if (held instanceof ScopedHeld scoped) {
                if (scoped.owner().isSameFlow(by)) {
                    tree.lose(scoped, loss);
                } else {
                    ended.add(tree.lose(scoped, loss));
                }
            }
        }
        tree.announce(Ending.removed(path, by), ended);
        tree.dismiss(
                waiter -> waiter.ask.claims().stream().anyMatch(claim -> path.isAtOrAbove(claim.path())),
                new Answer.ObjectRemoved(path, by));
        return ended.stream().filter(HoldInfo::kept).toList();
    }
}
