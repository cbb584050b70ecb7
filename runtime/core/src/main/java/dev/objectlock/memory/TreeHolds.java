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
 * All holds of one tree. While they are few they lie in one small array; from then on each object on the way counts what
 * is on it and below it, so that work follows the depth of the path and not the number of holds.
 */
class TreeHolds {

    private HoldSet flat = new HoldSet();
    private @Nullable Node top;
    private int size;

    final boolean isEmpty() {
        return size == 0;
    }

    final void add(Held held) {
        if (top == null && size == HoldSet.FEW) {
            Node made = Node.top();
            flat.forEach(one -> nodeOf(made, one).add(one));
            flat = new HoldSet();
            top = made;
        }
        size++;
        if (top == null) {
            flat.add(held);
        } else {
            nodeOf(top, held).add(held);
        }
    }

    final void remove(Held held) {
        size--;
        if (top == null) {
            flat.remove(held);
            return;
        }
        nodeOf(top, held).remove(held);
        if (size <= HoldSet.FEW / 2) {
            top.forEach(flat::add);
            top = null;
        }
    }

    /** Finds a hold that conflicts: on the object, else the nearest above, else any below. */
    @Nullable
    final Held find(Claim claim, LockOwner owner, Search search) {
        if (top == null) {
            return flat.nearestConflict(claim, owner, search);
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

    /** Visits the kept holds of an owner that cover an object, nearest first once they are many. */
    final void forEachKeptCovering(LockPath path, LockOwner owner, Consumer<KeptHeld> visitor) {
        Consumer<KeptHeld> covering = held -> {
            if (held.claim.path().equals(path)
                    || held.terms().isTree() && held.claim.path().isAtOrAbove(path)) {
                visitor.accept(held);
            }
        };
        if (top == null) {
            flat.forEachKeptOf(owner, covering);
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
            flat.forEachKeptOf(owner, below);
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
            LockPath other = scoped.claim.path();
            boolean meets = path.equals(other)
                    || kept.terms().isTree() && path.isAtOrAbove(other)
                    || scoped.terms().isTree() && other.isAtOrAbove(path);
            if (meets && kept.belongsTo(scoped.owner)) {
                visitor.accept(scoped);
            }
        };
        if (top == null) {
            flat.forEachScopedOf(kept.owner, meeting);
            return;
        }
        Node own = top.nearest(path.belowRoot());
        if (kept.terms().isTree()) {
            own.below.forEachScopedOf(kept.owner, meeting);
        }
        for (Node node = own; node != null; node = node.above) {
            node.on.forEachScopedOf(kept.owner, meeting);
        }
    }

    /** Returns all holds on an object: whoever's. */
    final List<Held> on(LockPath path) {
        List<Held> holds = new ArrayList<>();
        HoldSet candidates = top == null ? flat : top.nearest(path.belowRoot()).on;
        candidates.forEach(held -> {
            if (held.claim.path().equals(path)) {
                holds.add(held);
            }
        });
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
            flat.forEach(visitor);
        } else {
            top.nearest(path.belowRoot()).forEach(visitor);
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
