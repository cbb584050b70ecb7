package dev.objectlock.testkit.model;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request, and what became of it. */
final class ModelRequest {

    /** The scoped holds of one tree, shared by all calls that joined them. */
    static final class Group {
        final Actor actor;
        final List<ModelHold> holds = new ArrayList<>();

        /** Slots that are kept and all that the call has: it is use of them. */
        final List<ModelHold> slots = new ArrayList<>();

        /** What was taken with it in other trees. */
        List<Group> others = List.of();

        int calls = 1;
        boolean removed;

        Group(Actor actor) {
            this.actor = actor;
        }

        boolean isLost() {
            return holds.stream().anyMatch(hold -> hold.lost) || others.stream().anyMatch(Group::isLost);
        }

        /** Whether its own flow has removed one of its objects. */
        boolean isRemoved() {
            return removed || others.stream().anyMatch(Group::isRemoved);
        }

        void addPaths(Set<String> paths) {
            holds.forEach(hold -> paths.add(hold.part.path()));
            others.forEach(other -> other.addPaths(paths));
        }

        boolean covers(Part asked) {
            return holds.stream().anyMatch(hold -> !hold.ended && isEnough(hold.part, asked))
                    || others.stream().anyMatch(other -> other.covers(asked));
        }

        /** The same mode or USER under CLIENT, no narrower, no weaker; slots are never joined. */
        private static boolean isEnough(Part mine, Part asked) {
            boolean mode = mine.mode() == asked.mode() || mine.mode() == Mode.CLIENT && asked.mode() == Mode.USER;
            return mode && mine.slots() == 0 && asked.slots() == 0 && mine.covers(asked);
        }
    }

    /** A kept hold that a request took or took again. */
    record Kept(ModelHold hold, boolean created) {}

    final String id;
    final Actor actor;
    final Wanted wanted;

    /** What it asks for, tree by tree. */
    final List<List<Part>> trees;

    final List<Group> groups = new ArrayList<>();
    final List<Kept> kept = new ArrayList<>();

    /** At which tree it is. */
    int at;

    /** When it came into the line in which it is. */
    long inLineSince;

    long deadline;

    /** When it came into the line, counted. */
    long number;

    /** Its flow had a scoped hold when it asked. */
    boolean passes;

    /** How it was decided; null while it waits. */
    @Nullable
    Outcome outcome;

    boolean ended;

    ModelRequest(String id, Actor actor, Wanted wanted) {
        this.id = id;
        this.actor = actor;
        this.wanted = wanted;
        this.trees = wanted.trees();
    }

    List<Part> parts() {
        return trees.get(at);
    }

    String root() {
        return parts().get(0).root();
    }

    boolean isHeld() {
        return outcome != null && outcome.what().endsWith("granted");
    }

    /** Where its holds are. */
    List<String> paths() {
        Set<String> paths = new LinkedHashSet<>();
        for (Group group : groups) {
            group.addPaths(paths);
        }
        kept.forEach(one -> paths.add(one.hold().part.path()));
        return List.copyOf(paths);
    }

    /** The hold by which it is known; null if it has none. */
    @Nullable
    ModelHold first() {
        for (Group group : groups) {
            if (!group.holds.isEmpty()) {
                return group.holds.get(0);
            }
        }
        return kept.isEmpty() ? null : kept.get(0).hold();
    }
}
