package dev.objectlock.testkit.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is held and who waits, in two plain lists, and what would be in the way of whom. */
final class ModelTable {

    final List<ModelHold> holds = new ArrayList<>();
    final List<ModelRequest> line = new ArrayList<>();

    /**
     * What is in the way of a request.
     *
     * @param kept kept holds, which may last
     * @param scoped holds of running calls
     */
    record Obstacles(List<Way> kept, List<Way> scoped) {

        boolean isEmpty() {
            return kept.isEmpty() && scoped.isEmpty();
        }

        /** What may be named: kept holds if there are any. */
        List<Way> named() {
            return kept.isEmpty() ? scoped : kept;
        }
    }

    /** The kept hold that a part would renew or widen. */
    @Nullable
    ModelHold same(Part part, Actor actor) {
        for (ModelHold hold : holds) {
            if (hold.part.kept() && hold.part.isSameKind(part) && hold.belongsTo(actor)) {
                return hold;
            }
        }
        return null;
    }

    /** What a request comes to, which may be more than it says; what its owner has already is left out. */
    List<Part> judged(List<Part> parts, Actor actor) {
        List<Part> judged = new ArrayList<>();
        for (Part part : parts) {
            ModelHold same = part.kept() ? same(part, actor) : null;
            if (same == null) {
                judged.add(part);
            } else if (!same.part.includes(part)) {
                judged.add(same.part.widenedTo(part));
            }
        }
        return judged;
    }

    Obstacles amongHolds(ModelRequest request) {
        return amongHolds(request.parts(), request.actor);
    }

    Obstacles amongHolds(List<Part> parts, Actor actor) {
        Obstacles found = new Obstacles(new ArrayList<>(), new ArrayList<>());
        for (Part part : judged(parts, actor)) {
            addObstacles(part, actor, found);
        }
        return found;
    }

    private void addObstacles(Part part, Actor actor, Obstacles found) {
        List<ModelHold> kept = new ArrayList<>();
        List<ModelHold> scoped = new ArrayList<>();
        for (ModelHold hold : holds) {
            if (Rule.conflict(hold.part, hold.owner, part, actor)) {
                (hold.part.kept() ? kept : scoped).add(hold);
            }
        }
        nearest(kept, part).forEach(hold -> found.kept.add(way(hold)));
        nearest(scoped, part).forEach(hold -> found.scoped.add(way(hold)));
        List<ModelHold> slots = slotsOn(part.path());
        if (part.slots() > 0 && slots.size() >= part.slots()) {
            boolean oneEndsSoon = slots.stream().anyMatch(slot -> !slot.part.kept());
            for (ModelHold slot : slots) {
                if (slot.part.kept() != oneEndsSoon) {
                    (oneEndsSoon ? found.scoped : found.kept).add(way(slot));
                }
            }
        }
    }

    /** On the object, else the nearest above, else any below. */
    static List<ModelHold> nearest(List<ModelHold> all, Part part) {
        int least =
                all.stream().mapToInt(hold -> distance(hold.part, part)).min().orElse(0);
        return all.stream().filter(hold -> distance(hold.part, part) == least).toList();
    }

    private static int distance(Part hold, Part asked) {
        return Part.atOrAbove(hold.path(), asked.path())
                ? asked.path().length() - hold.path().length()
                : Integer.MAX_VALUE;
    }

    List<ModelHold> slotsOn(String path) {
        return holds.stream()
                .filter(hold -> hold.part.slots() > 0 && hold.part.path().equals(path))
                .toList();
    }

    /** Waiters in front that a request must not pass. One that a kept hold keeps out holds nobody off. */
    List<Way> behind(List<Part> parts, Actor actor, List<ModelRequest> ahead) {
        List<Way> found = new ArrayList<>();
        for (Part part : judged(parts, actor)) {
            List<Way> slots = new ArrayList<>();
            for (ModelRequest waiter : ahead) {
                if (!waiter.root().equals(part.root())
                        || !amongHolds(waiter).kept().isEmpty()) {
                    continue;
                }
                List<Part> theirs = waiter.parts();
                List<Part> comesTo =
                        theirs.stream().map(one -> widest(one, waiter.actor)).toList();
                for (int i = 0; i < theirs.size(); i++) {
                    Way way = new Way(true, theirs.get(i), waiter.actor);
                    if (Rule.conflict(comesTo.get(i), waiter.actor, part, actor)) {
                        found.add(way);
                    }
                    if (theirs.get(i).slots() > 0 && theirs.get(i).path().equals(part.path())) {
                        slots.add(way);
                    }
                }
            }
            if (part.slots() > 0 && slotsOn(part.path()).size() + slots.size() >= part.slots()) {
                found.addAll(slots);
            }
        }
        return found;
    }

    private Part widest(Part part, Actor actor) {
        ModelHold same = part.kept() ? same(part, actor) : null;
        return same == null ? part : same.part.widenedTo(part);
    }

    /** The number of slots that is in use on an object; 0 if none is. */
    int slotsFixed(String path) {
        for (ModelHold slot : slotsOn(path)) {
            return slot.part.slots();
        }
        for (ModelRequest waiter : line) {
            for (Part part : waiter.parts()) {
                if (part.slots() > 0 && part.path().equals(path)) {
                    return part.slots();
                }
            }
        }
        return 0;
    }

    boolean otherSlots(List<Part> parts) {
        return parts.stream()
                .filter(part -> part.slots() > 0)
                .anyMatch(part -> slotsFixed(part.path()) != 0 && slotsFixed(part.path()) != part.slots());
    }

    /** The place of a waiter in the line of its tree, or that of one who would come now. */
    int position(@Nullable ModelRequest waiter, String root) {
        int place = 1;
        for (ModelRequest other : line) {
            if (other == waiter) {
                return place;
            }
            place += other.root().equals(root) ? 1 : 0;
        }
        return place;
    }

    /** Whether a waiter waits, over others that came into the line before, for a call of its own flow. */
    boolean waitsForItself(ModelRequest waiter, long upTo) {
        return waitsFor(waiter, waiter.actor, upTo, new ArrayList<>());
    }

    private boolean waitsFor(ModelRequest waiter, Actor target, long upTo, List<ModelRequest> seen) {
        if (!line.contains(waiter) || seen.contains(waiter)) {
            return false;
        }
        seen.add(waiter);
        for (ModelHold hold : holds) {
            if (!isWaitedForBy(waiter, hold)) {
                continue;
            }
            if (hold.owner.equals(target)) {
                return true;
            }
            for (ModelRequest next : List.copyOf(line)) {
                if (next.actor.equals(hold.owner)
                        && next.actor.engine().equals(target.engine())
                        && next.number <= upTo
                        && waitsFor(next, target, upTo, seen)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Where one of several slots would do, no single one is waited for. */
    private boolean isWaitedForBy(ModelRequest waiter, ModelHold hold) {
        return !hold.part.kept()
                && !hold.owner.equals(waiter.actor)
                && judged(waiter.parts(), waiter.actor).stream()
                        .anyMatch(part -> Rule.conflict(hold.part, hold.owner, part, waiter.actor)
                                || hold.part.slots() == 1
                                        && part.slots() == 1
                                        && hold.part.path().equals(part.path()));
    }

    static Way way(ModelHold hold) {
        return new Way(false, hold.part, hold.owner);
    }
}
