package dev.objectlock.testkit.model;

import dev.objectlock.testkit.model.ModelRequest.Group;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is held in the model and by whom, how holds end, and which calls use them. */
abstract class ModelHoldings {

    /** A guarded call that goes on, and the kept holds that it found and uses. */
    record Guarding(Actor actor, List<ModelHold> uses) {}

    final ModelTable table = new ModelTable();

    final ModelLosses losses = new ModelLosses();

    final Map<String, Actor> actors = new HashMap<>();

    final Map<String, Guarding> guards = new HashMap<>();

    /** All that was taken for the time of some work, oldest first. */
    final List<Group> groups = new ArrayList<>();

    /** The clients with a session, by name, and by each operation that connected them. */
    final Map<String, ModelClient> clients = new LinkedHashMap<>();

    final Map<String, ModelClient> connections = new HashMap<>();

    boolean secondIsClosed;

    long fences;

    long now;

    ModelHoldings() {
        Actor.RESIDENTS.forEach(actor -> actors.put(actor.name(), actor));
    }

    long now() {
        return now;
    }

    /** Whether a flow is inside something: also where its hold was lost, as long as the call runs. */
    boolean hasRunningCall(Actor actor) {
        return groups.stream()
                .anyMatch(group -> group.actor.equals(actor) && group.calls > 0 && !group.holds.isEmpty());
    }

    /** Whoever lost one of several objects of a call has lost them all, although the rest is held to its end. */
    boolean isOfLostRequest(ModelHold hold) {
        return groups.stream().anyMatch(group -> group.holds.contains(hold) && (group.isLost() || group.removed));
    }

    /** One call has ended; the last one gives the holds back. */
    void endGroup(Group group) {
        group.calls--;
        if (group.calls == 0) {
            group.holds.forEach(this::endHold);
            refreshUse();
            settle();
            group.others.forEach(this::endGroup);
        }
    }

    void endHold(ModelHold hold) {
        if (!hold.ended) {
            refreshUse();
            hold.ended = true;
            table.holds.remove(hold);
            refreshUse();
        }
    }

    /** It was not given back: its owner has to be told. */
    void lose(ModelHold hold) {
        if (!hold.ended) {
            endHold(hold);
            hold.lost = true;
            if (hold.part.kept()) {
                losses.lost(hold);
            }
        }
    }

    /** A lease does not run while it is used, and begins anew when the use ends. */
    void refreshUse() {
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
            hold.guarded = hold.isRenewedByUse()
                    && (guards.values().stream().anyMatch(guard -> guard.uses.contains(hold))
                            || groups.stream().anyMatch(group -> group.calls > 0 && group.slots.contains(hold)));
            if (used || hold.isInUse()) {
                hold.lastUse = now;
            }
        }
    }

    static boolean meet(Part kept, Part call) {
        if (kept.path().equals(call.path())) {
            return kept.span() == null || call.span() == null || kept.span().overlaps(call.span());
        }
        return kept.coversObject(call.path()) || call.coversObject(kept.path());
    }

    void afterwards() {
        refreshUse();
    }

    @Nullable
    Actor living(String name) {
        Actor actor = actors.get(name);
        return actor == null || isClosed(actor.engine()) ? null : actor;
    }

    boolean isClosed(String engine) {
        return secondIsClosed && engine.equals(Actor.SECOND);
    }

    boolean isOver(Actor actor) {
        ModelClient client = actor.connection() == null ? null : connections.get(actor.connection());
        return client != null && !Objects.equals(actor.connection(), client.connection);
    }

    boolean hasSession(Actor actor) {
        ModelClient client = actor.session() == null ? null : clients.get(actor.session());
        return client != null && !client.ended;
    }

    /** Goes along the line until nobody can be decided any more. */
    abstract void settle();
}
