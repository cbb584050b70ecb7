package dev.objectlock.testkit.model;

import java.util.List;

/** Sessions in the model: they come and go, and an engine with all of its own. */
abstract class ModelSessions extends ModelLine {

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

    void connected(String connection, ModelClient client) {
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

    void disconnect(ModelClient client) {
        if (client.grace == 0) {
            endClient(client, true);
            return;
        }
        client.connection = null;
        client.graceEnds = client.grace == Operation.Open.STAY ? 0 : now + 1000L * client.grace;
        dismissOf(client);
    }

    void endClient(ModelClient client, boolean lost) {
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

    void dismissOf(ModelClient client) {
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
        int before = table.holds.size() + table.line.size();
        for (ModelClient client : clients.values()) {
            if (client.connection != null && isClosed(client.engine)) {
                disconnect(client);
            }
        }
        boolean sessionsWaited = gone.stream().anyMatch(waiter -> waiter.actor.session() != null);
        if (sessionsWaited || table.holds.size() + table.line.size() < before) {
            // What ends with a client ends with it, and the line is looked at, before the rest of the process is gone.
            settle();
        }
        for (ModelHold hold : List.copyOf(table.holds)) {
            boolean ends = !hold.part.kept() || !hold.bySession && !hold.outlivesClient();
            if (isClosed(hold.owner.engine()) && ends) {
                endHold(hold);
            }
        }
        gone.forEach(waiter -> fail(waiter, Outcome.of("closed")));
        groups.removeIf(group -> isClosed(group.actor.engine()));
        // Work that goes on in a process that has ended is use of nothing any more.
        guards.replaceAll(
                (id, guard) -> isClosed(guard.actor().engine()) ? new Guarding(guard.actor(), List.of()) : guard);
        settle();
        afterwards();
        return Outcome.DONE;
    }
}
