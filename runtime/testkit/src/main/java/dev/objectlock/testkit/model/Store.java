package dev.objectlock.testkit.model;

import dev.objectlock.Blocker;
import dev.objectlock.ClientSession;
import dev.objectlock.Hold;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockDeadlockException;
import dev.objectlock.LockLostException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockTimeoutException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OwnerContext;
import dev.objectlock.Privilege;
import dev.objectlock.Refused;
import dev.objectlock.SessionPolicy;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.testkit.StoreUnderTest;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The store under test, asked through the door of two engines, all on one thread. */
final class Store implements World, AutoCloseable {

    /** How long what must have happened may take to be told. */
    private static final long SECONDS_TO_TELL = 5;

    private static final int MOST_LOSSES = 100;

    private final StoreUnderTest store;
    private final Map<String, ObjectLocks> engines = new HashMap<>();
    private final Map<String, Actor> actors = new HashMap<>();

    /** The flow of each actor, to be taken up again once. */
    private final Map<String, OwnerContext.Carried> flows = new HashMap<>();

    private final Map<LockOwner, Actor> byOwner = new HashMap<>();
    private final Map<String, RealRequest> requests = new HashMap<>();
    private final Map<String, CompletableFuture<Void>> guards = new HashMap<>();
    private final Map<String, ClientSession> sessions = new HashMap<>();
    private final GuardedObject guarded = new GuardedObject();

    Store(StoreUnderTest store) {
        this.store = store;
        engines.put(Actor.FIRST, engine());
        engines.put(Actor.SECOND, engine());
        for (Actor actor : Actor.RESIDENTS) {
            LockOwner user = actor.user() == null ? LockOwner.nobody() : LockOwner.user(actor.user());
            boolean ofProcess = actor.client().equals(Actor.process(actor.engine()));
            LockOwner owner = ofProcess ? user : user.onClient(actor.client());
            locksOf(actor).runAs(owner, () -> begin(actor));
        }
    }

    private ObjectLocks engine() {
        return ObjectLocks.builder()
                .backend(store.backend())
                .authorizer(owner ->
                        "su".equals(owner.user()) ? EnumSet.allOf(Privilege.class) : EnumSet.of(Privilege.OBJECTLOCK))
                .build();
    }

    /** Begins the flow of an actor. */
    private void begin(Actor actor) {
        actors.put(actor.name(), actor);
        byOwner.put(OwnerContext.bound().orElseThrow().owner(), actor);
        flows.put(actor.name(), OwnerContext.handOver());
    }

    private <T extends @Nullable Object> T as(String name, Supplier<T> work) {
        OwnerContext.Carried flow = flows.get(name);
        if (flow == null) {
            throw new AssertionError("no such flow: " + name);
        }
        return flow.call(() -> {
            flows.put(name, OwnerContext.handOver());
            return work.get();
        });
    }

    private Actor actor(String name) {
        Actor actor = actors.get(name);
        if (actor == null) {
            throw new AssertionError("no such actor: " + name);
        }
        return actor;
    }

    private ObjectLocks locksOf(Actor actor) {
        return engine(actor.engine());
    }

    private ObjectLocks engine(String name) {
        ObjectLocks engine = engines.get(name);
        if (engine == null) {
            throw new AssertionError("no such engine: " + name);
        }
        return engine;
    }

    ObjectLocks locks() {
        return engine(Actor.FIRST);
    }

    private @Nullable Actor anyOf(LockOwner client) {
        return byOwner.entrySet().stream()
                .filter(entry -> entry.getKey().isSameClient(client))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /** Who an owner is in the history. */
    Actor actor(LockOwner owner) {
        Actor actor = owner.flow() != null ? byOwner.get(owner) : anyOf(owner);
        if (actor == null) {
            throw new AssertionError("nobody in the history is " + owner);
        }
        return actor;
    }

    @Override
    public Outcome take(String id, String name, Wanted wanted) {
        for (int losses = 0; losses < MOST_LOSSES; losses++) {
            RealRequest request =
                    as(name, () -> RealRequest.send(locksOf(actor(name)), Translation.request(wanted), wanted));
            if (!request.granted.isDone()) {
                requests.put(id, request);
                return Outcome.WAITING.after(losses);
            }
            Outcome outcome = outcome(request);
            if (!outcome.what().equals("lost")) {
                requests.put(id, request);
                return outcome.after(losses);
            }
        }
        throw new AssertionError("told of losses without end");
    }

    private Outcome outcome(RealRequest request) {
        try {
            request.granted.get(SECONDS_TO_TELL, TimeUnit.SECONDS);
            return Outcome.GRANTED;
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            return failed(cause instanceof Exception exception ? exception : failed);
        } catch (CancellationException cancelled) {
            return Outcome.of("cancelled");
        } catch (InterruptedException | TimeoutException stuck) {
            throw new AssertionError("was not decided", stuck);
        }
    }

    /** What became of a request that waited, once it should have been decided. */
    Outcome decided(String id) {
        return outcome(request(id));
    }

    boolean isWaiting(String id) {
        return !request(id).granted.isDone();
    }

    private RealRequest request(String id) {
        RealRequest request = requests.get(id);
        if (request == null) {
            throw new AssertionError("no such request: " + id);
        }
        return request;
    }

    private Outcome failed(Exception failure) {
        if (failure instanceof LockBusyException busy) {
            return refused(failure instanceof LockTimeoutException ? "timed out" : "refused", busy.refused());
        }
        if (failure instanceof LockDeadlockException) {
            return Outcome.of("deadlock");
        }
        if (failure instanceof LockLostException) {
            return Outcome.of("lost");
        }
        if (failure instanceof LockNotHeldException) {
            return Outcome.of(
                    String.valueOf(failure.getMessage()).contains(" was removed by ") ? "removed" : "not held");
        }
        if (failure instanceof LockAuthenticationException) {
            return Outcome.NO_SESSION;
        }
        if (failure instanceof LockConfigurationException) {
            return Outcome.of(String.valueOf(failure.getMessage()).contains("closed") ? "closed" : "configuration");
        }
        if (failure instanceof RuntimeException unexpected) {
            throw unexpected;
        }
        throw new AssertionError(failure);
    }

    private Outcome refused(String how, Refused refused) {
        Blocker blocker = refused.blocker();
        Way way = new Way(
                blocker.waiting(),
                Translation.part(blocker.hold()),
                actor(blocker.hold().owner()));
        return new Outcome(how, Set.of(way), refused.position());
    }

    private Outcome tried(Supplier<Outcome> work) {
        try {
            return work.get();
        } catch (RuntimeException failure) {
            return failed(failure);
        }
    }

    @Override
    public Outcome check(String name, Wanted wanted) {
        return as(
                name,
                () -> tried(() -> {
                    Optional<Refused> refused = locksOf(actor(name)).check(Translation.request(wanted));
                    return refused.map(why -> refused("refused", why)).orElse(Outcome.GRANTED);
                }));
    }

    @Override
    public Outcome end(String id, boolean well) {
        CompletableFuture<Void> guard = guards.remove(id);
        if (guard != null) {
            guard.complete(null);
            return Outcome.DONE;
        }
        RealRequest request = request(id);
        if (!request.wanted.call()) {
            Hold hold = request.granted.join();
            List<LockPath> paths = hold.paths();
            return Outcome.released(
                    hold.release().name(),
                    paths.stream().map(LockPath::toString).toList());
        }
        if (well) {
            request.work.complete(null);
        } else {
            request.work.completeExceptionally(new IllegalStateException("the work failed"));
        }
        try {
            request.result.get(SECONDS_TO_TELL, TimeUnit.SECONDS);
            return Outcome.of("returned");
        } catch (ExecutionException failed) {
            return Outcome.of(failed.getCause() instanceof LockLostException ? "lost" : "failed");
        } catch (InterruptedException | TimeoutException stuck) {
            throw new AssertionError("the call did not end", stuck);
        }
    }

    @Override
    public Outcome cancel(String id) {
        request(id).result.cancel(true);
        return Outcome.DONE;
    }

    @Override
    public Outcome ensure(String id) {
        return tried(() -> {
            request(id).granted.join().ensure(Duration.ZERO);
            return Outcome.DONE;
        });
    }

    @Override
    public Outcome release(String name, String path) {
        return as(
                name,
                () -> Outcome.of(
                        locksOf(actor(name)).release(LockPath.parse(path)).name()));
    }

    @Override
    public Outcome guard(String id, String name, Part wanted, boolean mustHold, boolean stays) {
        for (int losses = 0; losses < MOST_LOSSES; losses++) {
            CompletableFuture<Void> work = new CompletableFuture<>();
            Outcome outcome = as(
                    name,
                    () -> tried(() -> {
                        guarded.run(LockPath.parse(wanted.path()), wanted, mustHold, work);
                        return Outcome.of("passed");
                    }));
            if (outcome.what().equals("lost")) {
                continue;
            }
            if (stays && outcome.what().equals("passed")) {
                guards.put(id, work);
            } else {
                work.complete(null);
            }
            return outcome.after(losses);
        }
        throw new AssertionError("told of losses without end");
    }

    @Override
    public Outcome forceRelease(String path) {
        int taken = as(Actor.OVERRIDER.name(), () -> locks().forceRelease(LockPath.parse(path), "a test"));
        return Outcome.of(taken + " taken away");
    }

    @Override
    public Outcome forceReleaseOf(String id) {
        RealRequest request = request(id);
        Hold hold = request.granted.join();
        LockPath under = LockPath.parse(request.wanted.trees().get(0).get(0).root());
        boolean there = as(Actor.OVERRIDER.name(), () -> locks().forceRelease(under, hold.id(), "a test"));
        return Outcome.of(there ? "taken away" : "not there");
    }

    @Override
    public Outcome changeScope(String name, String path, boolean tree) {
        return as(
                name,
                () -> tried(() -> {
                    locksOf(actor(name)).changeScope(LockPath.parse(path), tree ? LockScope.TREE : LockScope.OBJECT);
                    return Outcome.DONE;
                }));
    }

    @Override
    public Outcome move(String name, String from, String to) {
        return as(
                name,
                () -> tried(() -> {
                    locksOf(actor(name)).move(LockPath.parse(from), LockPath.parse(to));
                    return Outcome.DONE;
                }));
    }

    @Override
    public Outcome remove(String name, String path) {
        int removed = as(name, () -> locksOf(actor(name)).remove(LockPath.parse(path)));
        return Outcome.of(removed + " removed");
    }

    @Override
    public Outcome open(String id, String engine, String user, int grace) {
        SessionPolicy policy = grace == 0
                ? SessionPolicy.RELEASE
                : grace == Operation.Open.STAY ? SessionPolicy.STAY : SessionPolicy.grace(Duration.ofSeconds(grace));
        connected(id, engine, user, id, engine(engine).sessions().open(user, policy));
        return Outcome.DONE;
    }

    private void connected(String connection, String engine, String user, String session, ClientSession opened) {
        sessions.put(connection, opened);
        for (Actor actor : Actor.ofSession(engine, user, session, connection)) {
            opened.run(() -> begin(actor));
        }
    }

    private ClientSession session(String connection) {
        ClientSession session = sessions.get(connection);
        if (session == null) {
            throw new AssertionError("no such session: " + connection);
        }
        return session;
    }

    @Override
    public Outcome resume(String id, String session, String engine) {
        return tried(() -> {
            ClientSession before = session(session);
            ClientSession resumed = engine(engine).sessions().resume(before.id());
            connected(id, engine, String.valueOf(before.owner().user()), session, resumed);
            return Outcome.DONE;
        });
    }

    @Override
    public Outcome logout(String connection) {
        session(connection).close();
        return Outcome.DONE;
    }

    @Override
    public Outcome disconnect(String connection) {
        session(connection).disconnect();
        return Outcome.DONE;
    }

    @Override
    public Outcome endUser(String user) {
        int taken = as(Actor.OVERRIDER.name(), () -> locks().sessions().end(user, "a test"));
        return Outcome.of(taken + " taken away");
    }

    @Override
    public Outcome closeEngine() {
        engine(Actor.SECOND).close();
        return Outcome.DONE;
    }

    @Override
    public Outcome pass(long millis) {
        store.pass(Duration.ofMillis(millis));
        return Outcome.DONE;
    }

    /** Ends all, and returns what is left then. */
    List<LockPath> endAll() {
        guards.values().forEach(work -> work.complete(null));
        requests.values().forEach(request -> request.result.cancel(true));
        for (RealRequest request : requests.values()) {
            request.work.complete(null);
            if (!request.wanted.call() && request.granted.isDone() && !request.granted.isCompletedExceptionally()) {
                request.granted.join().close();
            }
        }
        sessions.values().forEach(ClientSession::close);
        for (LockPath root : locks().roots()) {
            locks().list(root).forEach(left -> forceRelease(left.path().toString()));
        }
        // What was granted while it was given up is given back on another thread.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_TELL);
        List<LockPath> left = locks().roots();
        while (!left.isEmpty() && System.nanoTime() < end) {
            Thread.onSpinWait();
            left = locks().roots();
        }
        return left;
    }

    @Override
    public void close() {
        engines.values().forEach(ObjectLocks::close);
        store.close();
    }
}
