package dev.objectlock.testkit.model;

import dev.objectlock.testkit.model.ModelTable.Obstacles;
import java.util.ArrayList;
import java.util.List;

/** What is done to objects as such in the model: guarded work, another scope, another path, or gone. */
abstract class ModelObjects extends ModelSessions {

    @Override
    public Outcome guard(String id, String actorName, Part wanted, boolean mustHold, boolean stays) {
        Actor actor = living(actorName);
        if (actor == null) {
            return Outcome.SKIPPED;
        }
        int told = losses.tell(actor, List.of(wanted));
        List<ModelHold> inTheWay = table.holds.stream()
                .filter(hold -> !hold.belongsTo(actor) && Rule.conflict(hold.part, hold.owner, wanted, actor))
                .toList();
        if (!inTheWay.isEmpty()) {
            List<Way> ways = ModelTable.nearest(inTheWay, wanted).stream()
                    .map(ModelTable::way)
                    .toList();
            return Outcome.refused("refused", ways, 1).after(told);
        }
        boolean held = table.holds.stream()
                .anyMatch(hold -> hold.belongsTo(actor)
                        && hold.part.slots() == 0
                        && hold.part.covers(wanted)
                        && !isOfLostRequest(hold));
        if (mustHold && !held) {
            return Outcome.NOT_HELD.after(told);
        }
        List<ModelHold> uses = table.holds.stream()
                .filter(hold -> hold.isRenewedByUse() && hold.belongsTo(actor) && hold.part.coversObject(wanted.path()))
                .toList();
        guards.put(id, new Guarding(actor, uses));
        refreshUse();
        if (!stays) {
            guards.remove(id);
        }
        afterwards();
        return Outcome.of("passed").after(told);
    }

    @Override
    public Outcome changeScope(String actorName, String path, boolean tree) {
        Actor actor = living(actorName);
        if (actor == null) {
            return Outcome.SKIPPED;
        }
        List<ModelHold> own = table.holds.stream()
                .filter(hold -> hold.part.kept()
                        && hold.part.mode() != Mode.MONITOR
                        && hold.part.path().equals(path)
                        && hold.belongsTo(actor))
                .toList();
        if (own.isEmpty()) {
            return Outcome.NOT_HELD;
        }
        List<ModelHold> changing =
                own.stream().filter(hold -> hold.part.tree() != tree).toList();
        if (tree && changing.stream().anyMatch(hold -> hold.part.span() != null)) {
            return Outcome.WRONG;
        }
        for (ModelHold hold : tree ? changing : List.<ModelHold>of()) {
            List<Part> wider = List.of(hold.part.withTree(true));
            Obstacles obstacles = table.amongHolds(wider, actor);
            List<Way> ahead = hasRunningCall(actor) ? List.of() : table.behind(wider, actor, table.line);
            if (!obstacles.isEmpty() || !ahead.isEmpty()) {
                return Outcome.refused("refused", obstacles.isEmpty() ? ahead : obstacles.named(), 0);
            }
        }
        long fence = tree && !changing.isEmpty() ? ++fences : 0;
        for (ModelHold hold : changing) {
            hold.part = hold.part.withTree(tree);
            hold.fence = fence == 0 ? hold.fence : fence;
        }
        settle();
        afterwards();
        return Outcome.DONE;
    }

    @Override
    public Outcome move(String actorName, String from, String to) {
        Actor actor = living(actorName);
        if (actor == null) {
            return Outcome.SKIPPED;
        }
        boolean may = table.holds.stream()
                .anyMatch(hold -> hold.belongsTo(actor)
                        && hold.part.coversObject(from)
                        && !hold.part.shared()
                        && hold.part.slots() == 0
                        && hold.part.span() == null);
        if (!may) {
            return Outcome.NOT_HELD;
        }
        List<ModelHold> moving =
                table.holds.stream().filter(hold -> hold.part.isUnder(from)).toList();
        List<ModelHold> staying =
                table.holds.stream().filter(hold -> !hold.part.isUnder(from)).toList();
        Part whole = Part.call(to, true, false);
        List<Way> ways = new ArrayList<>();
        for (ModelHold other : staying) {
            boolean inTheWay = !other.belongsTo(actor) && Rule.conflict(other.part, other.owner, whole, actor);
            for (ModelHold hold : moving) {
                Part part = hold.part.at(Part.moved(hold.part.path(), from, to));
                if (part.kept() && part.isSameKind(other.part) && other.part.kept() && other.belongsTo(hold.owner)) {
                    // One per object, mode and owner: what two of them become is not said.
                    return Outcome.SKIPPED;
                }
                boolean bothSlots = part.slots() > 0
                        && other.part.slots() > 0
                        && part.path().equals(other.part.path());
                inTheWay |= bothSlots || Rule.conflict(other.part, other.owner, part, hold.owner);
            }
            if (inTheWay) {
                ways.add(ModelTable.way(other));
            }
        }
        if (!ways.isEmpty()) {
            return Outcome.refused("refused", ways, 0);
        }
        moving.forEach(hold -> hold.part = hold.part.at(Part.moved(hold.part.path(), from, to)));
        for (ModelRequest waiter : table.line) {
            waiter.parts().replaceAll(part -> part.isUnder(from) ? part.at(Part.moved(part.path(), from, to)) : part);
        }
        losses.moved(from, to);
        refreshUse();
        settle();
        afterwards();
        return Outcome.DONE;
    }

    @Override
    public Outcome remove(String actorName, String path) {
        Actor actor = living(actorName);
        if (actor == null) {
            return Outcome.SKIPPED;
        }
        int kept = 0;
        for (ModelHold hold : List.copyOf(table.holds)) {
            if (hold.part.isUnder(path)) {
                kept += hold.part.kept() ? 1 : 0;
                if (hold.belongsTo(actor)) {
                    endHold(hold);
                    groups.stream().filter(group -> group.holds.contains(hold)).forEach(group -> group.removed = true);
                } else {
                    lose(hold);
                }
            }
        }
        dismiss(waiter -> waiter.parts().stream().anyMatch(part -> part.isUnder(path)), Outcome.of("removed"));
        settle();
        afterwards();
        return Outcome.of(kept + " removed");
    }
}
