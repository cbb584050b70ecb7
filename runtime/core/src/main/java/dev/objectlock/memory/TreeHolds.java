package dev.objectlock.memory;

import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.backend.Claim;
import dev.objectlock.memory.HoldSet.Place;
import dev.objectlock.memory.HoldSet.Search;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All holds of one tree. While they are few they are linked through themselves; from then on each object on the way counts
 * what is on it and below it, so that work follows the depth of the path and not the number of holds.
 *
 * <p>A tree is one object, made with the first hold under a root: hence a mutex that is extended and not contained.
 */
abstract class TreeHolds extends Mutex {

    private static final long serialVersionUID = 1L;

    private transient @Nullable Held few;
    private transient @Nullable Node top;
    private transient int size;

    final boolean hasNoHolds() {
        return size == 0;
    }

    final void add(Held held) {
        if (top == null && size == HoldSet.FEW) {
            Node made = Node.top();
            forEachOfFew(one -> nodeOf(made, one).add(one));
            few = null;
            top = made;
        }
        size++;
        if (top == null) {
            addToFew(held);
        } else {
            nodeOf(top, held).add(held);
        }
    }

    /** At the end, so that they stay in the order in which they came. */
    private void addToFew(Held held) {
        held.nextInTree = null;
        if (few == null) {
            few = held;
            return;
        }
        Held last = few;
        while (last.nextInTree != null) {
            last = last.nextInTree;
        }
        last.nextInTree = held;
    }

    private void removeFromFew(Held held) {
        if (few == held) {
            few = held.nextInTree;
        } else {
            Held before = few;
            while (before != null && before.nextInTree != held) {
                before = before.nextInTree;
            }
            if (before == null) {
                throw new IllegalStateException("not among the holds of its tree: " + held.name());
            }
            before.nextInTree = held.nextInTree;
        }
        held.nextInTree = null;
    }

    private void forEachOfFew(Consumer<Held> visitor) {
        for (Held held = few; held != null; ) {
            Held next = held.nextInTree;
            visitor.accept(held);
            held = next;
        }
    }

    final void remove(Held held) {
        size--;
        if (top == null) {
            removeFromFew(held);
            return;
        }
        nodeOf(top, held).remove(held);
        if (size <= HoldSet.FEW / 2) {
            Node many = top;
            top = null;
            many.forEach(this::addToFew);
        }
    }

    /** Finds a hold that conflicts: on the object, else the nearest above, else any below. */
    @Nullable
    final Held find(Claim claim, LockOwner owner, Search search) {
        if (top == null) {
            return few == null ? null : nearestOfFew(claim, owner, search);
        }
        Node nearest = top.nearest(claim.path().belowRoot());
        boolean exists = depth(nearest) == depth(claim.path());
        Held found = exists ? nearest.on.conflict(claim, owner, search, Place.ON) : null;
        for (Node node = exists ? nearest.above : nearest; found == null && node != null; node = node.above) {
            found = node.on.conflict(claim, owner, search, Place.ABOVE);
        }
        if (found == null && exists && claim.terms().isTree()) {
            found = nearest.below.conflict(claim, owner, search, Place.BELOW);
        }
        return found;
    }

    private @Nullable Held nearestOfFew(Claim claim, LockOwner owner, Search search) {
        Held nearest = null;
        for (Held held = few; held != null; held = held.nextInTree) {
            if (held.conflictsWith(claim, owner)
                    && search.admits(held, owner)
                    && (nearest == null || distance(held, claim) < distance(nearest, claim))) {
                nearest = held;
            }
        }
        return nearest;
    }

    private static int distance(Held held, Claim claim) {
        return held.claim.path().isAtOrAbove(claim.path())
                ? claim.path().belowRoot().length()
                        - held.claim.path().belowRoot().length()
                : Integer.MAX_VALUE;
    }

    /** How many slots of a counting lock are taken. */
    final int slotsOn(LockPath path) {
        if (top == null) {
            int count = 0;
            for (Held held = few; held != null; held = held.nextInTree) {
                count += held.terms().isSlot() && held.claim.path().equals(path) ? 1 : 0;
            }
            return count;
        }
        Node node = top.nearest(path.belowRoot());
        return depth(node) == depth(path) ? node.on.slots() : 0;
    }

    /** One who has a slot of a counting lock, a running call if there is one. */
    @Nullable
    final Held slotOn(LockPath path) {
        if (top == null) {
            Held found = null;
            for (Held held = few; held != null; held = held.nextInTree) {
                found = held.claim.path().equals(path) ? HoldSet.eitherSlot(found, held) : found;
            }
            return found;
        }
        Node node = top.nearest(path.belowRoot());
        return depth(node) == depth(path) ? node.on.slot() : null;
    }

    private void forEachKeptOfFew(LockOwner owner, Consumer<KeptHeld> visitor) {
        forEachOfFew(held -> {
            if (held instanceof KeptHeld kept && kept.belongsTo(owner)) {
                visitor.accept(kept);
            }
        });
    }

    /** Visits the kept holds of an owner that cover an object, nearest first once they are many. */
    final void forEachKeptCovering(LockPath path, LockOwner owner, Consumer<KeptHeld> visitor) {
        Consumer<KeptHeld> covering = held -> {
            if (held.claim.path().equals(path)
                    || held.terms().isTree() && held.claim.path().isAtOrAbove(path)) {
                visitor.accept(held);
            }
        };
        if (top == null) {
            forEachKeptOfFew(owner, covering);
            return;
        }
        for (Node node = top.nearest(path.belowRoot()); node != null; node = node.above) {
            node.on.forEachKeptOf(owner, covering);
        }
    }

    /** Visits all kept holds of an owner on exactly one object. */
    final void forEachKeptOn(LockPath path, LockOwner owner, Consumer<KeptHeld> visitor) {
        forEachKeptCovering(path, owner, held -> {
            if (held.claim.path().equals(path)) {
                visitor.accept(held);
            }
        });
    }

    /** Visits the kept holds of an owner below an object. */
    final void forEachKeptBelow(LockPath path, LockOwner owner, Consumer<KeptHeld> visitor) {
        Consumer<KeptHeld> below = held -> {
            if (!held.claim.path().equals(path) && path.isAtOrAbove(held.claim.path())) {
                visitor.accept(held);
            }
        };
        if (top == null) {
            forEachKeptOfFew(owner, below);
            return;
        }
        Node node = top.nearest(path.belowRoot());
        if (depth(node) == depth(path)) {
            node.below.forEachKeptOf(owner, below);
        }
    }

    /** Visits the scoped holds of a kept hold's owner that meet it: on what it covers, or trees that cover it. */
    final void forEachScopedMeeting(KeptHeld kept, Consumer<ScopedHeld> visitor) {
        LockPath path = kept.claim.path();
        Consumer<ScopedHeld> meeting = scoped -> {
            if (kept.claim.overlaps(scoped.claim) && kept.belongsTo(scoped.owner())) {
                visitor.accept(scoped);
            }
        };
        if (top == null) {
            forEachOfFew(held -> {
                if (held instanceof ScopedHeld scoped && HoldSet.isOf(scoped, kept.owner())) {
                    meeting.accept(scoped);
                }
            });
            return;
        }
        Node own = top.nearest(path.belowRoot());
        if (kept.terms().isTree()) {
            own.below.forEachScopedOf(kept.owner(), meeting);
        }
        for (Node node = own; node != null; node = node.above) {
            node.on.forEachScopedOf(kept.owner(), meeting);
        }
    }

    /** Returns all holds on an object: whoever's. */
    final List<Held> on(LockPath path) {
        List<Held> holds = new ArrayList<>();
        Consumer<Held> visitor = held -> {
            if (held.claim.path().equals(path)) {
                holds.add(held);
            }
        };
        if (top == null) {
            forEachOfFew(visitor);
            return holds;
        }
        Node node = top.nearest(path.belowRoot());
        if (depth(node) == depth(path)) {
            node.on.forEach(visitor);
        }
        return holds;
    }

    /** Returns the holds on an object and the tree holds above it, nearest first. */
    final List<Held> covering(LockPath path) {
        List<Held> holds = new ArrayList<>();
        for (LockPath at = path; at != null; at = at.parent().orElse(null)) {
            for (Held held : on(at)) {
                if (at.equals(path) || held.terms().isTree()) {
                    holds.add(held);
                }
            }
        }
        return holds;
    }

    /** Returns all holds on an object and below it. */
    final List<Held> under(LockPath path) {
        List<Held> holds = new ArrayList<>();
        Consumer<Held> visitor = held -> {
            if (path.isAtOrAbove(held.claim.path())) {
                holds.add(held);
            }
        };
        if (top == null) {
            forEachOfFew(visitor);
            return holds;
        }
        Node node = top.nearest(path.belowRoot());
        if (depth(node) == depth(path)) {
            node.forEach(visitor);
        }
        return holds;
    }

    private static Node nodeOf(Node top, Held held) {
        return top.make(held.claim.path().belowRoot());
    }

    private static int depth(Node node) {
        int depth = 0;
        for (Node up = node.above; up != null; up = up.above) {
            depth++;
        }
        return depth;
    }

    private static int depth(LockPath path) {
        String rest = path.belowRoot();
        if (rest.isEmpty()) {
            return 0;
        }
        int depth = 1;
        for (int slash = rest.indexOf('/'); slash >= 0; slash = rest.indexOf('/', slash + 1)) {
            depth++;
        }
        return depth;
    }
}
