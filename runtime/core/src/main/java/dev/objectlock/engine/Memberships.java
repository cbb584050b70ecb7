package dev.objectlock.engine;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockEvent;
import dev.objectlock.LockPath;
import dev.objectlock.Loss;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Beat;
import dev.objectlock.backend.Connection;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The places of one process in its store, one after the other: which it has now, and how it gets the next. Thread-safe. */
final class Memberships implements ProcessListener {

    private static final Logger LOG = LoggerFactory.getLogger(Memberships.class);

    /** How soon a process that has not joined tries it again. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Engine engine;
    private final LockBackend backend;
    private final ReentrantLock rejoining = new ReentrantLock();
    private final ReentrantLock attempting = new ReentrantLock();
    private volatile Membership current;
    private @Nullable Attempt attempt;

    /** When a process that has not joined has tried that last, as {@code nanoTime}. */
    private long triedAt;

    private record Attempt(Membership gone, CompletableFuture<Void> work) {}

    /**
     * Joins the store. What it tells is given to the engine from then on.
     *
     * @throws LockBackendException if the store cannot be reached, and the application has not chosen to go on without it
     */
    Memberships(Engine engine, LockBackend backend) {
        this.engine = engine;
        this.backend = backend;
        this.current = joinIfPossible();
    }

    private Membership joinIfPossible() {
        try {
            return join();
        } catch (LockBackendException unreachable) {
            if (!engine.outage().proceeds()) {
                throw unreachable;
            }
            LOG.warn("{} is there without its store, and joins it when it can be reached", engine, unreachable);
            triedAt = engine.time().nanoTime();
            return Membership.notJoined("not-joined-" + UUID.randomUUID(), unreachable);
        }
    }

    /** Returns the place in the store; who has none yet tries to get one. */
    Membership current() {
        Membership known = current;
        return known.isJoined() ? known : triedAgain(known);
    }

    /** Returns the same without trying anything. */
    Membership known() {
        return current;
    }

    private Membership triedAgain(Membership outside) {
        // Whoever comes while another one tries does not wait for that.
        if (!rejoining.tryLock()) {
            return current;
        }
        try {
            boolean tooSoon = engine.time().nanoTime() - triedAt < AGAIN.toNanos();
            if (current != outside || tooSoon || engine.isClosed()) {
                return current;
            }
            Membership fresh = join();
            current = fresh;
            engine.rejoined(fresh);
            LOG.info("{} has joined its store, which can be reached now", engine);
            return fresh;
        } catch (LockBackendException unreachable) {
            triedAt = engine.time().nanoTime();
            LOG.debug("{} could not join its store yet", engine, unreachable);
            return current;
        } finally {
            rejoining.unlock();
        }
    }

    private Membership join() {
        try {
            JoinedProcess joined = engine.await(backend.join(this));
            try {
                long askedNanos = engine.time().nanoTime();
                Instant askedWall = engine.time().now();
                Beat first = engine.await(joined.beat());
                if (!first.alive()) {
                    throw new LockBackendException("the store began anew at this very moment", true, null);
                }
                return new Membership(joined, first.epoch(), askedNanos, askedWall);
            } catch (RuntimeException silent) {
                // Nobody will beat for this one; a store that hears of it can forget it at once.
                joined.leave();
                throw silent;
            }
        } catch (LockBackendException unreachable) {
            throw engine.outage().notJoined(unreachable);
        }
    }

    /**
     * The store takes this process for dead, or has forgotten it: what it held is lost, and it begins anew.
     *
     * @param gone the membership that has ended; if another has taken its place already, nothing happens
     * @param reason what its owners are told
     * @throws LockBackendException if the store cannot be reached; from then on the heart tries it again
     */
    void rejoin(Membership gone, Loss.Reason reason) {
        if (!endAndJoinAnew(gone, reason)) {
            engine.heart().bury(gone).join();
            if (current == gone) {
                throw outOfReach(gone);
            }
        }
    }

    /** Returns false if the membership had ended before and there is no other yet: then the store may still have something of it. */
    private boolean endAndJoinAnew(Membership gone, Loss.Reason reason) {
        rejoining.lock();
        try {
            if (current != gone) {
                return true;
            }
            engine.checkOpen();
            Loss loss = new Loss(reason, null, null, engine.time().now());
            if (!end(gone, loss)) {
                return false;
            }
            if (reason == Loss.Reason.STORE_RESET) {
                tellAllLost(loss);
            }
            joinAnew(gone, loss);
            return true;
        } finally {
            rejoining.unlock();
        }
    }

    /** For the heart: begins anew after a membership that had ended before, and of which the store has nothing any more. */
    void rejoinAfter(Membership gone) {
        rejoining.lock();
        try {
            Loss loss = gone.over();
            if (current == gone && loss != null && !engine.isClosed()) {
                joinAnew(gone, loss);
            }
        } finally {
            rejoining.unlock();
        }
    }

    private void joinAnew(Membership gone, Loss loss) {
        Membership fresh;
        try {
            fresh = join();
        } catch (LockBackendException unreachable) {
            engine.heart().again();
            throw unreachable;
        }
        if (!fresh.epoch().equals(gone.epoch()) && loss.reason() != Loss.Reason.STORE_RESET) {
            tellAllLost(loss);
        }
        current = fresh;
        engine.rejoined(fresh);
        LOG.warn("{}: {}; its holds are lost, and it has joined anew", engine, loss.describe());
    }

    /** As {@link #rejoin}, for work that holds no thread: however much of it waits, one thread does it. */
    CompletableFuture<Void> rejoinElsewhere(Membership gone, Loss.Reason reason) {
        attempting.lock();
        try {
            if (attempt == null || attempt.gone != gone || attempt.work.isDone()) {
                attempt = new Attempt(gone, Stages.elsewhere(() -> rejoin(gone, reason)));
            }
            return attempt.work;
        } finally {
            attempting.unlock();
        }
    }

    /**
     * The store has been out of reach for as long as it bears with silence. What the process has for its calls is lost, and it
     * begins anew as soon as the store answers; what it keeps goes as the policies of its clients say, and that the store knows.
     */
    void silent(Membership gone) {
        if (end(
                gone,
                new Loss(Loss.Reason.PROCESS_DEAD, null, null, engine.time().now()))) {
            LOG.warn("{}: the store has not answered for too long; the holds of running calls are lost", engine);
        }
    }

    /** Why a process whose membership has ended cannot be asked for anything, until it has another. */
    LockBackendException outOfReach(Membership gone) {
        Loss loss = Objects.requireNonNull(gone.over());
        return new LockBackendException(loss.describe() + ", and it could not join the store anew yet", true, null);
    }

    private boolean end(Membership gone, Loss loss) {
        boolean first = gone.end(loss);
        if (first) {
            engine.losses().over(gone, loss);
        }
        return first;
    }

    private void tellAllLost(Loss loss) {
        Map<String, List<HoldInfo>> byRoot = engine.losses().allKnown().stream()
                .collect(Collectors.groupingBy(hold -> hold.path().rootName()));
        byRoot.values().forEach(holds -> engine.tell(new LockEvent.Lost(holds, loss.at(), 0, loss)));
    }

    @Override
    public void happened(LockEvent event) {
        engine.tell(event);
    }

    @Override
    public void lost(Ask ask, Loss loss) {
        if (ask instanceof ScopedHold hold) {
            engine.losses().lost(hold, loss);
        }
    }

    @Override
    public void historyOver(String root, long fence) {
        Transactions transactions = engine.transactions();
        transactions.elsewhere(() -> transactions.overtaken(LockPath.ofEscaped(root, ""), fence));
    }

    @Override
    public void mustRenew(Duration lease) {
        // The former process has renewed them until now, in thirds of their lease.
        engine.heart().keep(lease);
    }

    @Override
    public void missed() {
        engine.missed();
    }

    @Override
    public void over(Connection connection) {
        engine.over(connection);
    }
}
