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

/**
 * What the documents say, done naively: a list of holds, a list of waiters, and each question answered by looking at all of
 * them. It shares no code with the library.
 */
final class Model implements World {

    /** A guarded call that goes on, and the kept holds that it found and uses. */
    private record Guarding(Actor actor, List<ModelHold> uses) {}

    final ModelTable table = new ModelTable();
    private final ModelLosses losses = new ModelLosses();
    private final Map<String, Actor> actors = new HashMap<>();
    private final Map<String, ModelRequest> requests = new HashMap<>();
    private final Map<String, Guarding> guards = new HashMap<>();

    /** All that was taken for the time of some work, oldest first. */
    private final List<Group> groups = new ArrayList<>();

    /** The clients with a session, by name, and by each operation that connected them. */
    private final Map<String, ModelClient> clients = new LinkedHashMap<>();

    private final Map<String, ModelClient> connections = new HashMap<>();
    private final Map<String, Outcome> decided = new LinkedHashMap<>();
    private boolean secondIsClosed;
    private long now;
    private long fences;
    private long numbers;

    Model() {
        Actor.RESIDENTS.forEach(actor -> actors.put(actor.name(), actor));
    }

    long now() {
        return now;
    }

    /** Returns the requests that have been decided since this was asked before. */
    Map<String, Outcome> takeDecided() {
        Map<String, Outcome> taken = new LinkedHashMap<>(decided);
        decided.clear();
        return taken;
    }

    // --- Taking

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
    private static List<Part> toBeTold(ModelRequest request) {
        return request.trees.stream()
                .flatMap(List::stream)
                .filter(part -> !part.kept() && !request.wanted.kept())
                .toList();
    }

    /** The newest hold of the flow that gives enough. */
    private @Nullable Group joined(ModelRequest request) {
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

    /** Whether a flow is inside something: also where its hold was lost, as long as the call runs. */
    private boolean hasRunningCall(Actor actor) {
        return groups.stream()
                .anyMatch(group -> group.actor.equals(actor) && group.calls > 0 && !group.holds.isEmpty());
    }

    /** Asks for the tree at which a request is. */
    private void ask(ModelRequest request) {
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

    private Outcome refused(String how, ModelRequest request, Obstacles obstacles, List<Way> ahead) {
        return Outcome.refused(
                how, obstacles.isEmpty() ? ahead : obstacles.named(), table.position(request, request.root()));
    }

    private void grant(ModelRequest request) {
        boolean allRenewed = request.parts().stream().allMatch(part -> {
            ModelHold same = part.kept() ? table.same(part, request.actor) : null;
            return same != null && same.part.includes(part);
        });
        long fence = allRenewed ? 0 : ++fences;
        Group group = new Group(request.actor);
        for (Part part : request.parts()) {
            if (part.kept()) {
                request.kept.add(keep(request, part, fence));
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

    private Kept keep(ModelRequest request, Part part, long fence) {
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
        // The way that was asked for last; the documents do not say.
        same.renew = same.lease == 0 || lease == 0 ? same.renew : request.wanted.renew();
        same.lease = same.lease == 0 || lease == 0 ? 0 : Math.max(same.lease, lease);
        same.lastUse = now;
        same.bySession &= hasSession(request.actor);
        return new Kept(same, false);
    }

    /** What follows when a tree has been granted: the next one, or the end of the request. */
    private void granted(ModelRequest request) {
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

    private void decide(ModelRequest request, Outcome outcome) {
        request.outcome = outcome;
        decided.put(request.id, outcome);
    }

    /** It is not granted, and what it had of other trees is given back. */
    private void fail(ModelRequest request, Outcome outcome) {
        decide(request, outcome);
        request.groups.forEach(this::endGroup);
        request.kept.stream().filter(Kept::created).forEach(kept -> endHold(kept.hold()));
        settle();
    }

    private void leave(ModelRequest waiter, Outcome outcome) {
        table.line.remove(waiter);
        fail(waiter, outcome);
    }

    /** Goes along the line until nobody can be decided any more. */
    private void settle() {
        List<ModelRequest> granted = new ArrayList<>();
        Map<ModelRequest, Outcome> refused = new LinkedHashMap<>();
        while (settleOne(granted, refused)) {
            refreshUse();
        }
        granted.forEach(this::granted);
        refused.forEach(this::fail);
    }

    private boolean settleOne(List<ModelRequest> granted, Map<ModelRequest, Outcome> refused) {
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

    // --- Ending

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

    /** One call has ended; the last one gives the holds back. */
    private void endGroup(Group group) {
        group.calls--;
        if (group.calls == 0) {
            group.holds.forEach(this::endHold);
            group.others.forEach(this::endGroup);
        }
    }

    private void endHold(ModelHold hold) {
        if (!hold.ended) {
            refreshUse();
            hold.ended = true;
            table.holds.remove(hold);
            refreshUse();
        }
    }

    /** It was not given back: its owner has to be told. */
    private void lose(ModelHold hold) {
        if (!hold.ended) {
            endHold(hold);
            hold.lost = true;
            if (hold.part.kept()) {
                losses.lost(hold);
            }
        }
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

    // --- Guards

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

    /** Whoever lost one of several objects of a call has lost them all, although the rest is held to its end. */
    private boolean isOfLostRequest(ModelHold hold) {
        return groups.stream().anyMatch(group -> group.holds.contains(hold) && (group.isLost() || group.isRemoved()));
    }

    // --- Objects

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

    private void dismiss(Predicate<ModelRequest> which, Outcome why) {
        List<ModelRequest> gone = table.line.stream().filter(which).toList();
        table.line.removeAll(gone);
        gone.forEach(waiter -> fail(waiter, why));
    }

    // --- Sessions

    @Override
    public Outcome open(String id, String engine, String user, int grace) {
        if (isClosed(engine)) {
            return Outcome.SKIPPED;
        }
        ModelClient client = new ModelClient(id, user, grace, engine);
        clients.put(id, client);
        connected(id, client);
        return Outcome.DONE;
    }

    private void connected(String connection, ModelClient client) {
        client.connection = connection;
        client.graceEnds = 0;
        client.userIsBack = false;
        connections.put(connection, client);
        for (ModelClient other : clients.values()) {
            other.userIsBack |= other.user.equals(client.user) && other.connection == null;
        }
        Actor.ofSession(client.engine, client.user, client.name, connection)
                .forEach(actor -> actors.put(actor.name(), actor));
    }

    @Override
    public Outcome resume(String id, String session, String engine) {
        ModelClient client = clients.get(session);
        if (client == null || isClosed(engine)) {
            return Outcome.SKIPPED;
        }
        if (client.ended) {
            return Outcome.NO_SESSION;
        }
        dismissOf(client);
        client.engine = engine;
        connected(id, client);
        settle();
        afterwards();
        return Outcome.DONE;
    }

    @Override
    public Outcome logout(String connection) {
        ModelClient client = connections.get(connection);
        if (client == null) {
            return Outcome.SKIPPED;
        }
        if (connection.equals(client.connection)) {
            endClient(client, false);
            settle();
            afterwards();
        }
        return Outcome.DONE;
    }

    @Override
    public Outcome disconnect(String connection) {
        ModelClient client = connections.get(connection);
        if (client == null) {
            return Outcome.SKIPPED;
        }
        if (connection.equals(client.connection)) {
            disconnect(client);
            settle();
            afterwards();
        }
        return Outcome.DONE;
    }

    private void disconnect(ModelClient client) {
        if (client.grace == 0) {
            endClient(client, true);
            return;
        }
        client.connection = null;
        client.graceEnds = client.grace == Operation.Open.STAY ? 0 : now + 1000L * client.grace;
        dismissOf(client);
    }

    private void endClient(ModelClient client, boolean lost) {
        client.ended = true;
        client.connection = null;
        client.graceEnds = 0;
        boolean last =
                clients.values().stream().noneMatch(other -> other.user.equals(client.user) && other.keepsUserHolds());
        List<ModelHold> before = List.copyOf(table.holds);
        dismissOf(client);
        for (ModelHold hold : before) {
            boolean ofClient = hold.part.mode() == Mode.USER
                    ? last && client.user.equals(hold.owner.user())
                    : client.name.equals(hold.owner.session());
            if (hold.part.kept() && hold.bySession && ofClient && !hold.outlivesClient()) {
                if (lost) {
                    lose(hold);
                } else {
                    endHold(hold);
                }
            }
        }
    }

    private void dismissOf(ModelClient client) {
        dismiss(waiter -> client.name.equals(waiter.actor.session()), Outcome.NO_SESSION);
    }

    @Override
    public Outcome endUser(String user) {
        for (ModelClient client : clients.values()) {
            if (client.user.equals(user)) {
                client.ended = true;
                client.connection = null;
                client.graceEnds = 0;
            }
        }
        List<ModelHold> before = List.copyOf(table.holds);
        dismiss(waiter -> user.equals(waiter.actor.user()), Outcome.NO_SESSION);
        List<ModelHold> kept = before.stream()
                .filter(hold -> hold.part.kept() && !hold.ended && user.equals(hold.owner.user()))
                .toList();
        kept.forEach(this::lose);
        settle();
        afterwards();
        return Outcome.of(kept.size() + " taken away");
    }

    @Override
    public Outcome closeEngine() {
        if (secondIsClosed) {
            return Outcome.SKIPPED;
        }
        secondIsClosed = true;
        losses.closed(Actor.SECOND);
        List<ModelRequest> gone = table.line.stream()
                .filter(waiter -> isClosed(waiter.actor.engine()))
                .toList();
        table.line.removeAll(gone);
        for (ModelHold hold : List.copyOf(table.holds)) {
            boolean ends = !hold.part.kept() || !hold.bySession && !hold.outlivesClient();
            if (isClosed(hold.owner.engine()) && ends) {
                endHold(hold);
            }
        }
        for (ModelClient client : clients.values()) {
            if (client.connection != null && isClosed(client.engine)) {
                disconnect(client);
            }
        }
        gone.forEach(waiter -> fail(waiter, Outcome.of("closed")));
        groups.removeIf(group -> isClosed(group.actor.engine()));
        guards.values().removeIf(guard -> isClosed(guard.actor.engine()));
        settle();
        afterwards();
        return Outcome.DONE;
    }

    // --- Time

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

    /** A lease does not run while it is used, and begins anew when the use ends. */
    private void refreshUse() {
        for (ModelHold hold : table.holds) {
            boolean used = hold.isInUse();
            hold.usedBy.removeIf(call -> call.ended);
            for (ModelHold call : table.holds) {
                if (hold.isRenewedByUse()
                        && !call.part.kept()
                        && hold.belongsTo(call.owner)
                        && meet(hold.part, call.part)) {
                    hold.usedBy.add(call);
                }
            }
            hold.guarded =
                    hold.isRenewedByUse() && guards.values().stream().anyMatch(guard -> guard.uses.contains(hold));
            if (used || hold.isInUse()) {
                hold.lastUse = now;
            }
        }
    }

    private static boolean meet(Part kept, Part call) {
        if (kept.path().equals(call.path())) {
            return kept.span() == null || call.span() == null || kept.span().overlaps(call.span());
        }
        return kept.coversObject(call.path()) || call.coversObject(kept.path());
    }

    // --- Who is there

    private void afterwards() {
        refreshUse();
    }

    private @Nullable Actor living(String name) {
        Actor actor = actors.get(name);
        return actor == null || isClosed(actor.engine()) ? null : actor;
    }

    private @Nullable ModelRequest heldBy(String id) {
        ModelRequest request = requests.get(id);
        boolean held = request != null && request.isHeld() && !isClosed(request.actor.engine());
        return held ? request : null;
    }

    private boolean isClosed(String engine) {
        return secondIsClosed && engine.equals(Actor.SECOND);
    }

    private boolean isOver(Actor actor) {
        ModelClient client = actor.connection() == null ? null : connections.get(actor.connection());
        return client != null && !Objects.equals(actor.connection(), client.connection);
    }

    private boolean hasSession(Actor actor) {
        ModelClient client = actor.session() == null ? null : clients.get(actor.session());
        return client != null && !client.ended;
    }
}
