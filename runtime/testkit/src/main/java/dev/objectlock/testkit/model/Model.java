package dev.objectlock.testkit.model;

import dev.objectlock.testkit.model.ModelRequest.Group;
import dev.objectlock.testkit.model.ModelRequest.Kept;
import dev.objectlock.testkit.model.ModelTable.Obstacles;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the documents say, done naively: a list of holds, a list of waiters, and each question answered by looking at all of
 * them. It shares no code with the library. Here is how things end: given back, taken away, or over.
 */
final class Model extends ModelObjects {

    @Override
    public Outcome end(String id, boolean well) {
        if (guards.containsKey(id)) {
            guards.remove(id);
            afterwards();
            return Outcome.DONE;
        }
        ModelRequest request = heldBy(id);
        if (request == null || request.wanted.call() && request.ended) {
            return Outcome.SKIPPED;
        }
        boolean again = request.ended;
        request.ended = true;
        Outcome outcome =
                request.wanted.call() ? endCall(request, well) : again ? Outcome.of("NOT_HELD") : giveBack(request);
        settle();
        afterwards();
        return outcome;
    }

    private Outcome giveBack(ModelRequest request) {
        boolean lost = request.groups.stream().anyMatch(Group::isLost)
                || request.kept.stream().anyMatch(kept -> kept.hold().lost);
        List<String> paths = request.paths();
        boolean there = !request.groups.isEmpty() || request.kept.stream().anyMatch(kept -> !kept.hold().ended);
        if (!request.groups.isEmpty()) {
            endGroup(request.groups.get(0));
        }
        request.kept.forEach(kept -> endHold(kept.hold()));
        return Outcome.released(lost ? "LOST" : there ? "RELEASED" : "NOT_HELD", paths);
    }

    private Outcome endCall(ModelRequest request, boolean well) {
        boolean lost = request.groups.stream().anyMatch(Group::isLost);
        for (Kept kept : request.kept) {
            if (well && !lost && kept.hold().lost) {
                losses.told(request.actor, kept.hold());
                lost = true;
            }
        }
        endGroup(request.groups.get(0));
        if (!well) {
            request.kept.stream().filter(Kept::created).forEach(kept -> endHold(kept.hold()));
        }
        return Outcome.of(!well ? "failed" : lost ? "lost" : "returned");
    }

    @Override
    public Outcome ensure(String id) {
        ModelRequest request = heldBy(id);
        if (request == null || request.wanted.call() || request.kept.isEmpty()) {
            return Outcome.SKIPPED;
        }
        if (request.ended) {
            return Outcome.NOT_HELD;
        }
        for (Kept kept : request.kept) {
            if (kept.hold().ended) {
                return kept.hold().lost ? Outcome.of("lost") : Outcome.NOT_HELD;
            }
            kept.hold().lastUse = now;
        }
        return Outcome.DONE;
    }

    @Override
    public Outcome release(String actorName, String path) {
        Actor actor = living(actorName);
        if (actor == null) {
            return Outcome.SKIPPED;
        }
        List<ModelHold> covering = table.holds.stream()
                .filter(hold -> hold.part.coversObject(path) && hold.part.slots() == 0)
                .toList();
        List<ModelHold> own = covering.stream()
                .filter(hold -> hold.part.kept() && hold.part.path().equals(path) && hold.belongsTo(actor))
                .toList();
        if (!own.isEmpty()) {
            own.forEach(this::endHold);
            settle();
            afterwards();
            return Outcome.of("RELEASED");
        }
        if (losses.wereLost(actor, path)) {
            return Outcome.of("LOST");
        }
        if (covering.stream().anyMatch(hold -> !hold.belongsTo(actor))) {
            return Outcome.of("NOT_YOURS");
        }
        return Outcome.of(covering.stream().anyMatch(hold -> hold.part.kept()) ? "COVERED_BY" : "NOT_HELD");
    }

    @Override
    public Outcome forceRelease(String path) {
        List<ModelHold> kept = table.holds.stream()
                .filter(hold -> hold.part.kept() && hold.part.path().equals(path))
                .toList();
        kept.forEach(this::lose);
        settle();
        afterwards();
        return Outcome.of(kept.size() + " taken away");
    }

    @Override
    public Outcome forceReleaseOf(String id) {
        ModelRequest request = heldBy(id);
        ModelHold first = request == null ? null : request.first();
        if (first == null) {
            return Outcome.SKIPPED;
        }
        boolean there = !first.ended;
        lose(first);
        settle();
        afterwards();
        return Outcome.of(there ? "taken away" : "not there");
    }

    @Override
    public Outcome pass(long millis) {
        long until = now + millis;
        for (Long next = nextDue(); next != null && next <= until; next = nextDue()) {
            now = Math.max(now, next);
            happen();
            afterwards();
        }
        now = until;
        return Outcome.DONE;
    }

    private @Nullable Long nextDue() {
        long first = Long.MAX_VALUE;
        for (ModelHold hold : table.holds) {
            Long due = hold.due(now);
            first = due == null ? first : Math.min(first, due);
        }
        for (ModelRequest waiter : table.line) {
            first = Math.min(first, waiter.deadline);
        }
        for (ModelClient client : clients.values()) {
            first = client.graceEnds == 0 ? first : Math.min(first, client.graceEnds);
        }
        return first == Long.MAX_VALUE ? null : first;
    }

    /** Kept holds that are over now are over all at once, before the line is looked at; those of calls one by one. */
    private void happen() {
        List<ModelHold> over =
                table.holds.stream().filter(hold -> hold.isOver(now)).toList();
        for (ModelHold hold : over) {
            lose(hold);
            if (!hold.part.kept()) {
                settle();
            }
        }
        for (ModelClient client : clients.values()) {
            if (client.graceEnds != 0 && client.graceEnds <= now) {
                endClient(client, true);
            }
        }
        settle();
        for (ModelRequest waiter : List.copyOf(table.line)) {
            if (waiter.deadline <= now && table.line.contains(waiter)) {
                Obstacles obstacles = table.amongHolds(waiter);
                int place = table.line.indexOf(waiter);
                List<Way> ahead = table.behind(waiter.parts(), waiter.actor, table.line.subList(0, place));
                leave(waiter, refused("timed out", waiter, obstacles, ahead));
            }
        }
    }
}
