package dev.objectlock.redis.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The part of the resource under one root: who is inside, and the newest fence that it has seen of each kind of claim. */
final class Tree {

    private final List<Visit> inside = new ArrayList<>();
    private final Map<Claim, Long> newest = new HashMap<>();

    /** Whether somebody who shuts this one out has come with a newer fence. Fences of one root are never the same. */
    boolean isStale(Visit visit) {
        return newest.entrySet().stream()
                .anyMatch(seen ->
                        seen.getValue() >= visit.fence() && seen.getKey().shutsOut(visit.claim()));
    }

    /** Those inside who shut this one out. */
    List<Visit> against(Visit visit) {
        return inside.stream()
                .filter(other -> other.claim().shutsOut(visit.claim()))
                .toList();
    }

    /** Those inside who have one of the same slots. */
    List<Visit> slotsOf(Visit visit) {
        return inside.stream()
                .filter(other -> other.claim().slots() > 0
                        && other.claim().path().equals(visit.claim().path()))
                .toList();
    }

    void enter(Visit visit) {
        inside.add(visit);
        visit.inside(true);
        newest.merge(visit.claim(), visit.fence(), Math::max);
    }

    void leave(Visit visit) {
        inside.remove(visit);
        visit.inside(false);
    }

    List<Visit> inside() {
        return List.copyOf(inside);
    }
}
