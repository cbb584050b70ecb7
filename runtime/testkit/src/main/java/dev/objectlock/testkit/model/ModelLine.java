package dev.objectlock.testkit.model;

import dev.objectlock.testkit.model.ModelRequest.Group;
import dev.objectlock.testkit.model.ModelRequest.Kept;
import dev.objectlock.testkit.model.ModelTable.Obstacles;
import dev.objectlock.testkit.model.Wanted.Patience;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Asking in the model: granted, refused, or a place in the line, which is looked at again whenever something has ended. */
abstract class ModelLine extends ModelHoldings implements World {

    final Map<String, ModelRequest> requests = new HashMap<>();

    final Map<String, Outcome> decided = new LinkedHashMap<>();

    long numbers;

    /** Returns the requests that have been decided since this was asked before. */
    Map<String, Outcome> takeDecided() {
        Map<String, Outcome> taken = new LinkedHashMap<>(decided);
        decided.clear();
        return taken;
    }

    @Override
    public Outcome take(String id, String actorName, Wanted wanted) {
        Actor actor = living(actorName);
        if (actor == null) {
            return Outcome.SKIPPED;
        }
        if (wanted.kept() && isOver(actor) || wanted.mode() != Mode.MONITOR && actor.user() == null) {
            return Outcome.NO_SESSION;
        }
        ModelRequest request = new ModelRequest(id, actor, wanted);
        int told = losses.tell(actor, toBeTold(request));
        requests.put(id, request);
        request.deadline = now + 1000L * wanted.longestWait();
        Group joined = wanted.kept() ? null : joined(request);
        if (joined != null) {
            joined.calls++;
            request.groups.add(joined);
            request.outcome = Outcome.GRANTED;
        } else {
            ask(request);
        }
        afterwards();
        decided.remove(id);
        return (request.outcome == null ? Outcome.WAITING : request.outcome).after(told);
    }

    /** A call that takes its object anew is not told of an earlier loss. */
    static List<Part> toBeTold(ModelRequest request) {
        return request.trees.stream()
                .flatMap(List::stream)
                .filter(part -> !part.kept() && !request.wanted.kept())
                .toList();
    }

    /** The newest hold of the flow that gives enough. */
    @Nullable
    Group joined(ModelRequest request) {
        Group newest = null;
        for (Group group : groups) {
            boolean enough = group.actor.equals(request.actor)
                    && group.calls > 0
                    && !group.isLost()
                    && !group.isRemoved()
                    && request.trees.stream().flatMap(List::stream).allMatch(group::covers);
            newest = enough ? group : newest;
        }
        return newest;
    }

    /** Asks for the tree at which a request is. */
    void ask(ModelRequest request) {
        if (table.otherSlots(request.parts())) {
            fail(request, Outcome.WRONG);
            return;
        }
        request.passes = hasRunningCall(request.actor);
        Obstacles obstacles = table.amongHolds(request);
        List<Way> ahead = obstacles.isEmpty() && !request.passes
                ? table.behind(request.parts(), request.actor, table.line)
                : List.of();
        if (obstacles.isEmpty() && ahead.isEmpty()) {
            grant(request);
            settle();
            granted(request);
            return;
        }
        Patience patience = request.wanted.patience();
        if (patience == Patience.NONE
                || patience == Patience.CALLS && !obstacles.kept().isEmpty()) {
            fail(request, refused("refused", request, obstacles, ahead));
            return;
        }
        request.number = ++numbers;
        request.inLineSince = now;
        table.line.add(request);
        if (request.passes && table.waitsForItself(request, request.number)) {
            leave(request, Outcome.of("deadlock"));
        } else if (isOver(request.actor)) {
            leave(request, Outcome.NO_SESSION);
        }
    }

    Outcome refused(String how, ModelRequest request, Obstacles obstacles, List<Way> ahead) {
        return Outcome.refused(
                how, obstacles.isEmpty() ? ahead : obstacles.named(), table.position(request, request.root()));
    }

    void grant(ModelRequest request) {
        boolean allRenewed = request.parts().stream().allMatch(part -> {
            ModelHold same = part.kept() ? table.same(part, request.actor) : null;
            return same != null && same.part.includes(part);
        });
        long fence = allRenewed ? 0 : ++fences;
        Group group = new Group(request.actor);
        for (Part part : request.parts()) {
            if (part.kept()) {
                Kept kept = keep(request, part, fence);
                request.kept.add(kept);
                if (part.slots() > 0) {
                    group.slots.add(kept.hold());
                }
            } else {
                ModelHold hold = new ModelHold(part, request.actor, fence, now);
                hold.maxHold = 1000L * request.wanted.longestScoped();
                table.holds.add(hold);
                group.holds.add(hold);
            }
        }
        if (!request.wanted.kept() || request.wanted.call()) {
            request.groups.add(group);
        }
        refreshUse();
    }

    Kept keep(ModelRequest request, Part part, long fence) {
        long lease = 1000L * request.wanted.leaseOfKept();
        ModelHold same = table.same(part, request.actor);
        if (same == null) {
            ModelHold hold = new ModelHold(part, request.actor, fence, now);
            hold.lease = lease;
            hold.maxHold = 1000L * request.wanted.maxHold();
            hold.renew = lease == 0 ? Renew.ON_USE : request.wanted.renew();
            hold.bySession = hasSession(request.actor);
            table.holds.add(hold);
            return new Kept(hold, true);
        }
        if (!same.part.includes(part)) {
            same.part = same.part.widenedTo(part);
            same.fence = fence;
        }
        // How it is renewed stays as it was: taking it again changes nothing but the end of the lease.
        same.lease = same.lease == 0 || lease == 0 ? 0 : Math.max(same.lease, lease);
        same.lastUse = now;
        same.bySession &= hasSession(request.actor);
        return new Kept(same, false);
    }

    /** What follows when a tree has been granted: the next one, or the end of the request. */
    void granted(ModelRequest request) {
        request.parts().stream()
                .filter(Part::kept)
                .map(part -> table.same(part, request.actor))
                .filter(Objects::nonNull)
                .forEach(hold -> losses.takenAgain(request.actor, hold));
        List<Group> taken = request.groups;
        if (!taken.isEmpty()) {
            groups.add(taken.get(taken.size() - 1));
            for (ModelRequest waiter : List.copyOf(table.line)) {
                if (waiter.actor.equals(request.actor) && table.waitsForItself(waiter, Long.MAX_VALUE)) {
                    leave(waiter, Outcome.of("deadlock"));
                }
            }
        }
        if (request.at + 1 < request.trees.size()) {
            request.at++;
            ask(request);
            return;
        }
        if (taken.size() > 1) {
            taken.get(0).others = List.copyOf(taken.subList(1, taken.size()));
        }
        decide(request, Outcome.GRANTED);
    }

    void decide(ModelRequest request, Outcome outcome) {
        request.outcome = outcome;
        decided.put(request.id, outcome);
    }

    /** It is not granted, and what it had of other trees is given back. */
    void fail(ModelRequest request, Outcome outcome) {
        decide(request, outcome);
        for (int i = request.groups.size() - 1; i >= 0; i--) {
            endGroup(request.groups.get(i));
        }
        request.kept.stream().filter(Kept::created).forEach(kept -> endHold(kept.hold()));
        settle();
    }

    void leave(ModelRequest waiter, Outcome outcome) {
        table.line.remove(waiter);
        fail(waiter, outcome);
    }

    @Override
    void settle() {
        List<ModelRequest> granted = new ArrayList<>();
        Map<ModelRequest, Outcome> refused = new LinkedHashMap<>();
        while (settleOne(granted, refused)) {
            refreshUse();
        }
        granted.forEach(this::granted);
        refused.forEach(this::fail);
    }

    boolean settleOne(List<ModelRequest> granted, Map<ModelRequest, Outcome> refused) {
        for (int i = 0; i < table.line.size(); i++) {
            ModelRequest waiter = table.line.get(i);
            Obstacles obstacles = table.amongHolds(waiter);
            if (!obstacles.kept().isEmpty() && waiter.wanted.patience() == Patience.CALLS) {
                refused.put(waiter, refused("refused", waiter, obstacles, List.of()));
                table.line.remove(i);
                return true;
            }
            boolean mayGo = waiter.passes
                    || table.behind(waiter.parts(), waiter.actor, table.line.subList(0, i))
                            .isEmpty();
            if (obstacles.isEmpty() && mayGo) {
                table.line.remove(i);
                grant(waiter);
                granted.add(waiter);
                return true;
            }
        }
        return false;
    }

    @Override
    public Outcome check(String actorName, Wanted wanted) {
        Actor actor = living(actorName);
        if (actor == null) {
            return Outcome.SKIPPED;
        }
        if (wanted.mode() != Mode.MONITOR && actor.user() == null) {
            return Outcome.NO_SESSION;
        }
        ModelRequest request = new ModelRequest("check", actor, wanted);
        if (!wanted.kept() && joined(request) != null) {
            return Outcome.GRANTED;
        }
        request.passes = hasRunningCall(actor);
        for (List<Part> parts : request.trees) {
            if (table.otherSlots(parts)) {
                return Outcome.WRONG;
            }
            Obstacles obstacles = table.amongHolds(parts, actor);
            List<Way> ahead = request.passes ? List.of() : table.behind(parts, actor, table.line);
            if (!obstacles.isEmpty() || !ahead.isEmpty()) {
                List<Way> ways = obstacles.isEmpty() ? ahead : obstacles.named();
                return Outcome.refused(
                        "refused",
                        ways,
                        table.position(null, Part.root(parts.get(0).path())));
            }
        }
        return Outcome.GRANTED;
    }

    @Override
    public Outcome cancel(String id) {
        ModelRequest request = requests.get(id);
        if (request == null || !table.line.contains(request)) {
            return Outcome.SKIPPED;
        }
        leave(request, Outcome.of("cancelled"));
        afterwards();
        return Outcome.DONE;
    }

    void dismiss(Predicate<ModelRequest> which, Outcome why) {
        List<ModelRequest> gone = table.line.stream().filter(which).toList();
        table.line.removeAll(gone);
        gone.forEach(waiter -> fail(waiter, why));
    }

    @Nullable
    ModelRequest heldBy(String id) {
        ModelRequest request = requests.get(id);
        boolean held = request != null && request.isHeld() && !isClosed(request.actor.engine());
        return held ? request : null;
    }
}
