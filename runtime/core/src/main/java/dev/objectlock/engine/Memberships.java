package dev.objectlock.engine;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockEvent;
import dev.objectlock.LockPath;
import dev.objectlock.Loss;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Connection;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
    private volatile Membership current;

    /** When a process that has not joined has tried that last, as {@code nanoTime}. */
    private long triedAt;

    /** What came of the last attempt to join anew, if it failed. */
    private @Nullable Failure lastFailure;

    private record Failure(long nanoTime, LockBackendException why) {}

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
                return new Membership(joined, engine.await(joined.beat()).epoch());
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
     * @param gone the membership that has ended; if that is known already, nothing happens
     * @param reason what its owners are told
     */
    void rejoin(Membership gone, Loss.Reason reason) {
        long came = engine.time().nanoTime();
        rejoining.lock();
        try {
            if (current != gone) {
                return;
            }
            Failure last = lastFailure;
            if (last != null && last.nanoTime - came > 0) {
                // Whoever came before has just tried it.
                throw last.why;
            }
            engine.checkOpen();
            Loss loss = new Loss(reason, null, null, engine.time().now());
            boolean hadGoneBefore = !end(gone, loss);
            if (reason == Loss.Reason.STORE_RESET) {
                tellAllLost(loss);
            }
            Membership fresh = join();
            if (!fresh.epoch().equals(gone.epoch()) && reason != Loss.Reason.STORE_RESET) {
                tellAllLost(loss);
            }
            current = fresh;
            engine.rejoined(fresh);
            if (hadGoneBefore) {
                leaveAsDead(gone);
            }
            LOG.warn("{}: {}; its holds are lost, and it has joined anew", engine, loss.describe());
        } catch (LockBackendException unreachable) {
            lastFailure = new Failure(engine.time().nanoTime(), unreachable);
            throw unreachable;
        } finally {
            rejoining.unlock();
        }
    }

    /** The store may still hear it, if only its answers have not come through; its clients are presented by another now. */
    private void leaveAsDead(Membership gone) {
        gone.process().leaveAsDead().whenComplete((left, failure) -> {
            if (failure != null) {
                LOG.debug("{}: the store has to find out by itself that {} is dead", engine, gone.process(), failure);
            }
        });
    }

    /**
     * The store has been out of reach for as long as it bears with silence. What the process has for its calls is lost, and it
     * begins anew as soon as the store answers; what it keeps may go on, as the policies of its clients say, and only the store
     * knows.
     */
    void silent(Membership gone) {
        if (end(
                gone,
                new Loss(Loss.Reason.PROCESS_DEAD, null, null, engine.time().now()))) {
            LOG.warn("{}: the store has not answered for too long; the holds of running calls are lost", engine);
        }
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
    public void missed() {
        engine.missed();
    }

    @Override
    public void over(Connection connection) {
        engine.over(connection);
    }
}
