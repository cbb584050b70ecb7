package dev.objectlock.memory;

import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.ConflictRule;
import dev.objectlock.backend.Terms;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** What a backend is, if nobody ever asks at the same time as somebody else: two lists and the rule. */
public class OneAfterTheOther {

    private record One(LockOwner owner, Claim claim) {

        boolean conflicts(LockOwner other, Claim theirs) {
            return ConflictRule.conflict(claim, owner, theirs, other);
        }

        boolean isKept() {
            return claim.terms().kept();
        }

        /** A kept hold belongs to what its mode names, a scoped one to its flow. */
        boolean belongsTo(LockOwner who) {
            if (!isKept() || claim.terms().isMonitor()) {
                return owner.isSameFlow(who);
            }
            return claim.terms().mode() == LockMode.USER ? owner.isSameUser(who) : owner.isSameClient(who);
        }
    }

    private static final class Place {
        private final LockOwner owner;
        private final List<Claim> claims;
        private List<One> granted = List.of();
        private boolean keptOut;

        Place(LockOwner owner, List<Claim> claims) {
            this.owner = owner;
            this.claims = claims;
        }

        boolean conflicts(Place behind) {
            return claims.stream().anyMatch(one -> behind.claims.stream()
                    .anyMatch(other -> ConflictRule.conflict(one, owner, other, behind.owner)));
        }
    }

    private final List<One> holds = new ArrayList<>();
    private final List<Place> line = new ArrayList<>();
    private final Place[][] held = new Place[SmallWorld.OWNERS.size()][SmallWorld.TARGETS.size()];
    private final Place[] queued = new Place[SmallWorld.OWNERS.size()];

    public String take(int thread, int target, int kind) {
        int who = SmallWorld.who(thread);
        if (held[who][target] != null) {
            return "has it";
        }
        Place place =
                new Place(SmallWorld.OWNERS.get(who), SmallWorld.kind(kind).scoped(target));
        if (!mayEnter(place)) {
            return "refused";
        }
        held[who][target] = place;
        grant(place);
        return "granted";
    }

    public boolean giveBack(int thread, int target) {
        int who = SmallWorld.who(thread);
        if (held[who][target] == null) {
            return false;
        }
        end(held[who][target].granted);
        held[who][target] = null;
        return true;
    }

    public String enterLine(int thread, int target, int kind) {
        int who = SmallWorld.who(thread);
        if (queued[who] != null) {
            return "has a place";
        }
        Place place =
                new Place(SmallWorld.OWNERS.get(who), SmallWorld.kind(kind).scoped(target));
        queued[who] = place;
        if (mayEnter(place)) {
            grant(place);
            return "granted";
        }
        line.add(place);
        settle();
        return "queued";
    }

    public String leaveLine(int thread) {
        int who = SmallWorld.who(thread);
        Place place = queued[who];
        if (place == null) {
            return "has no place";
        }
        queued[who] = null;
        if (line.remove(place)) {
            settle();
            return "left";
        }
        end(place.granted);
        return "was granted";
    }

    public String keep(int thread, int path, int kind) {
        LockOwner owner = SmallWorld.OWNERS.get(SmallWorld.who(thread));
        Claim asked = SmallWorld.kind(kind).kept(path);
        One same = null;
        for (One hold : holds) {
            boolean sameObject = hold.isKept() && hold.claim.path().equals(asked.path());
            if (sameObject && hold.claim.terms().mode() == asked.terms().mode() && hold.belongsTo(owner)) {
                same = hold;
            }
        }
        if (same != null && same.claim.terms().includes(asked.terms())) {
            return "had it";
        }
        One wanted = new One(same == null ? owner : same.owner, same == null ? asked : both(same.claim, asked));
        if (!mayEnter(new Place(owner, List.of(wanted.claim)))) {
            return "refused";
        }
        holds.remove(same);
        holds.add(wanted);
        settle();
        return same == null ? "created" : "had it";
    }

    private static Claim both(Claim one, Claim other) {
        Terms terms = other.terms();
        boolean tree = one.terms().isTree() || terms.isTree();
        boolean alone = one.terms().access() == LockAccess.EXCLUSIVE || terms.access() == LockAccess.EXCLUSIVE;
        return new Claim(
                one.path(),
                one.terms()
                        .withScope(tree ? LockScope.TREE : LockScope.OBJECT)
                        .withAccess(alone ? LockAccess.EXCLUSIVE : LockAccess.SHARED));
    }

    public String release(int thread, int path) {
        LockOwner owner = SmallWorld.OWNERS.get(SmallWorld.who(thread));
        LockPath object = SmallWorld.PATHS.get(path);
        List<One> own = holds.stream()
                .filter(hold -> hold.isKept() && hold.claim.path().equals(object) && hold.belongsTo(owner))
                .toList();
        if (!own.isEmpty()) {
            end(own);
            return "RELEASED";
        }
        List<One> covering = holds.stream()
                .filter(hold -> hold.claim.path().equals(object)
                        || hold.claim.terms().isTree() && hold.claim.path().isAtOrAbove(object))
                .toList();
        if (covering.stream().anyMatch(hold -> !hold.belongsTo(owner))) {
            return "NOT_YOURS";
        }
        boolean above = covering.stream()
                .anyMatch(hold -> hold.isKept() && !hold.claim.path().equals(object));
        return above ? "COVERED_BY" : "NOT_HELD";
    }

    public int override(int thread, int path) {
        List<One> kept = holds.stream()
                .filter(hold -> hold.isKept() && hold.claim.path().equals(SmallWorld.PATHS.get(path)))
                .toList();
        end(kept);
        return kept.size();
    }

    public boolean guard(int thread, int path) {
        LockOwner owner = SmallWorld.OWNERS.get(SmallWorld.who(thread));
        Claim call = new Claim(
                SmallWorld.PATHS.get(path), Terms.scoped(LockMode.USER, LockScope.OBJECT, LockAccess.EXCLUSIVE));
        return holds.stream().noneMatch(hold -> !hold.belongsTo(owner) && hold.conflicts(owner, call));
    }

    public int count(int path) {
        return (int) holds.stream()
                .filter(hold -> SmallWorld.PATHS.get(path).isAtOrAbove(hold.claim.path()))
                .count();
    }

    /** Nobody holds what is in the way, and nobody waits for it who is not kept out by a kept hold. */
    private boolean mayEnter(Place place) {
        return !isHeldOff(place) && line.stream().noneMatch(ahead -> !ahead.keptOut && ahead.conflicts(place));
    }

    private boolean isHeldOff(Place place) {
        return place.claims.stream()
                .anyMatch(claim -> holds.stream().anyMatch(hold -> hold.conflicts(place.owner, claim)));
    }

    private void grant(Place place) {
        place.granted =
                place.claims.stream().map(claim -> new One(place.owner, claim)).toList();
        holds.addAll(place.granted);
        settle();
    }

    private void end(List<One> ending) {
        // Equal holds are not the same: one flow may have two of a kind.
        ending.forEach(hold -> holds.removeIf(one -> isSame(one, hold)));
        settle();
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(One one, One other) {
        return one == other;
    }

    /** First come, first served; whoever is kept out by a kept hold holds nobody off. */
    private void settle() {
        boolean changed;
        do {
            changed = settleOnce();
        } while (changed);
    }

    private boolean settleOnce() {
        List<Place> ahead = new ArrayList<>();
        for (Iterator<Place> places = line.iterator(); places.hasNext(); ) {
            Place place = places.next();
            place.keptOut = place.claims.stream().anyMatch(claim -> holds.stream()
                    .anyMatch(hold -> hold.isKept() && hold.conflicts(place.owner, claim)));
            if (place.keptOut) {
                continue;
            }
            if (isHeldOff(place) || ahead.stream().anyMatch(one -> one.conflicts(place))) {
                ahead.add(place);
            } else {
                places.remove();
                place.granted = place.claims.stream()
                        .map(claim -> new One(place.owner, claim))
                        .toList();
                holds.addAll(place.granted);
                return true;
            }
        }
        return false;
    }
}
