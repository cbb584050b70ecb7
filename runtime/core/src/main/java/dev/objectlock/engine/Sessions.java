package dev.objectlock.engine;

import dev.objectlock.ClientSession;
import dev.objectlock.ClientSessions;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockOwner;
import dev.objectlock.SessionPolicy;
import dev.objectlock.backend.Connection;
import dev.objectlock.backend.JoinedProcess;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clients that are connected here. */
final class Sessions implements ClientSessions {

    /** The number of no connection. */
    private static final long NONE = -1;

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    /** When a client could not be presented to the store. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Engine engine;
    private final SessionPolicy byDefault;
    private final ConcurrentMap<String, Session> open = new ConcurrentHashMap<>();

    /** How many connections are being made, and which of them were over before they were known here. */
    private final ReentrantLock making = new ReentrantLock();

    /** Clients that may have been opened although it failed, and whether somebody sees to them. */
    private final Queue<Secret> inDoubt = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean ending = new AtomicBoolean();

    private final Set<Long> overEarly = new HashSet<>();
    private int beingMade;

    Sessions(Engine engine, SessionPolicy byDefault) {
        this.engine = engine;
        this.byDefault = byDefault;
    }

    @Override
    public ClientSession open(LockOwner user) {
        return open(user, byDefault);
    }

    @Override
    public ClientSession open(LockOwner user, SessionPolicy policy) {
        engine.checkOpen();
        if (user.user() == null) {
            throw new LockAuthenticationException("a session needs a user; use LockOwner.user(name)");
        }
        Secret secret = Secret.random();
        LockOwner client = new LockOwner(user.user(), secret.client(), null);
        try {
            return connect(
                    secret, process -> process.openClient(client, secret.digest(), policy), JoinedProcess::endClient);
        } catch (LockBackendException failed) {
            if (!failed.isOutcomeKnown()) {
                // Nobody else knows that there may be such a client now.
                inDoubt.add(secret);
                endLater();
            }
            throw failed;
        }
    }

    @Override
    public ClientSession resume(String id) {
        engine.checkOpen();
        Secret secret = Secret.parse(id);
        if (secret == null) {
            throw unknown();
        }
        return connect(
                secret,
                process -> process.resumeClient(secret.client(), secret.digest())
                        .thenApply(known -> known.orElseThrow(Sessions::unknown)),
                JoinedProcess::disconnectClient);
    }

    private static LockAuthenticationException unknown() {
        return new LockAuthenticationException(
                "there is no session with this id, or it has ended meanwhile; open a new one");
    }

    /** What ends a connection, or this process's place in the store, may do so before the session is known here. */
    private Session connect(
            Secret secret,
            Function<JoinedProcess, CompletionStage<Connection>> store,
            BiFunction<JoinedProcess, Connection, CompletionStage<Void>> back) {
        beginMaking();
        Session session;
        Membership asked;
        try {
            asked = engine.membership();
            JoinedProcess asking = asked.process();
            Connection connection =
                    engine.ask(() -> "connecting client " + secret.client(), process -> store.apply(asking));
            session = session(secret, connection, () -> back.apply(asking, connection));
            add(session);
        } catch (RuntimeException | Error failed) {
            endMaking(NONE);
            throw failed;
        }
        if (endMaking(session.connection().number())) {
            session.over();
        } else if (engine.membership() != asked) {
            present(session, engine.process());
        }
        keepUp(session.connection());
        if (engine.isClosed()) {
            session.disconnect();
        }
        return session;
    }

    /** What the application says of its privileges may fail. */
    private Session session(Secret secret, Connection connection, Supplier<CompletionStage<Void>> back) {
        try {
            return new Session(engine, this, secret, connection);
        } catch (RuntimeException | Error failed) {
            try {
                engine.await(back.get());
            } catch (LockBackendException unreachable) {
                failed.addSuppressed(unreachable);
            }
            throw failed;
        }
    }

    /** Of several connections of a client the last one counts, in whatever order they come to be known here. */
    private void add(Session fresh) {
        Session[] former = {null};
        open.compute(fresh.secret().client(), (client, known) -> {
            boolean last = known == null
                    || known.connection().number() < fresh.connection().number();
            former[0] = last ? known : fresh;
            return last ? fresh : known;
        });
        if (former[0] != null) {
            former[0].over();
        }
    }

    /** Has the store end clients of which nobody knows whether they were opened. */
    private void endLater() {
        if (!ending.getAndSet(true)) {
            engine.time().schedule(AGAIN, () -> Stages.elsewhere(this::endDoubtful));
        }
    }

    private void endDoubtful() {
        ending.set(false);
        for (Secret next = inDoubt.peek(); next != null && !engine.isClosed(); next = inDoubt.peek()) {
            Secret secret = next;
            try {
                JoinedProcess process = engine.process();
                engine.await(process.resumeClient(secret.client(), secret.digest()))
                        .ifPresent(connection -> engine.await(process.endClient(connection)));
            } catch (LockBackendException unreachable) {
                LOG.debug("whether client {} was opened is not known yet", secret.client(), unreachable);
                endLater();
                return;
            }
            inDoubt.remove(secret);
        }
    }

    /** What the client keeps may have leases that it now is for this process to renew. */
    private void keepUp(Connection connection) {
        Duration lease = connection.shortestLease();
        if (lease != null) {
            engine.heart().keepFromNow(lease);
        }
    }

    private void beginMaking() {
        making.lock();
        try {
            beingMade++;
        } finally {
            making.unlock();
        }
    }

    /** Returns whether the connection was over early. */
    private boolean endMaking(long number) {
        making.lock();
        try {
            boolean over = overEarly.contains(number);
            if (--beingMade == 0) {
                overEarly.clear();
            }
            return over;
        } finally {
            making.unlock();
        }
    }

    private void noteOver(long number) {
        making.lock();
        try {
            if (beingMade > 0) {
                overEarly.add(number);
            }
        } finally {
            making.unlock();
        }
    }

    @Override
    public int end(String user, String reason) {
        LockOwner by = engine.overrides().by("throwing " + user + " out");
        return engine.ask(() -> "throwing " + user + " out", process -> process.endUser(user, by, reason));
    }

    void remove(Session session) {
        open.remove(session.owner().client(), session);
    }

    /** A connection is over, as the store says. */
    void over(Connection connection) {
        noteOver(connection.number());
        Session session = open.get(connection.client().client());
        if (session != null && session.connection().number() == connection.number()) {
            session.over();
        }
    }

    /** The store does not know yet that a client has ended its connection. */
    void tellLater(Session session) {
        engine.time()
                .schedule(
                        AGAIN,
                        () -> Stages.elsewhere(() -> {
                            if (!engine.isClosed()) {
                                tellNow(session, engine.process());
                            }
                        }));
    }

    /** Presents the clients of this process to a store that does not know them any more; later, if it is away again. */
    void presentTo(Membership fresh) {
        presentTo(fresh, List.copyOf(open.values()));
    }

    private void presentTo(Membership fresh, List<Session> sessions) {
        for (int i = 0; i < sessions.size(); i++) {
            Session session = sessions.get(i);
            if (engine.known() != fresh || fresh.over() != null || engine.isClosed()) {
                // The next one gets those that are open.
                return;
            }
            if (!session.isOpen()) {
                continue;
            }
            try {
                present(session, fresh.process());
            } catch (LockBackendException unreachable) {
                LOG.debug("{} could not be presented to the store yet", session, unreachable);
                List<Session> rest = sessions.subList(i, sessions.size());
                engine.time().schedule(AGAIN, () -> Stages.elsewhere(() -> presentTo(fresh, rest)));
                return;
            } catch (RuntimeException failed) {
                LOG.warn("{} could not be presented to the store again; it has ended", session, failed);
                session.over();
            }
        }
    }

    private void present(Session session, JoinedProcess process) {
        session.connecting().lock();
        try {
            presentNow(session, process);
        } finally {
            session.connecting().unlock();
        }
    }

    private void presentNow(Session session, JoinedProcess process) {
        Connection before = session.connection();
        // That its former connection is over is no news.
        session.isNow(new Connection(session.owner(), session.policy(), NONE, null));
        @Nullable Connection fresh;
        try {
            fresh = engine.await(process.presentClient(before, session.secret().digest()))
                    .orElse(null);
        } catch (RuntimeException failed) {
            session.isNow(before);
            throw failed;
        }
        if (fresh == null) {
            session.over();
            return;
        }
        session.isNow(fresh);
        keepUp(fresh);
        if (!session.isOpen()) {
            // It ended meanwhile, and could not tell the store.
            tellNow(session, process);
        }
    }

    private static void tellNow(Session session, JoinedProcess process) {
        try {
            session.tellStore(process);
        } catch (LockBackendException unreachable) {
            LOG.debug("the store does not know yet that {} has ended", session, unreachable);
        }
    }

    /** The engine is closed, and with it the process's place in the store. */
    void close() {
        open.values().forEach(Session::over);
    }
}
