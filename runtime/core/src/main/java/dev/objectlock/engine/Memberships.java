package dev.objectlock.engine;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockEvent;
import dev.objectlock.Loss;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Connection;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The places of one process in its store, one after the other: which it has now, and how it gets the next. Thread-safe. */
final class Memberships implements ProcessListener {

    private static final Logger LOG = LoggerFactory.getLogger(Memberships.class);

    private final Engine engine;
    private final LockBackend backend;
    private final ReentrantLock rejoining = new ReentrantLock();
    private volatile Membership current;

    /** Joins the store. What it tells is given to the engine from then on. */
    Memberships(Engine engine, LockBackend backend) {
        this.engine = engine;
        this.backend = backend;
        this.current = join();
    }

    Membership current() {
        return current;
    }

    private Membership join() {
        JoinedProcess joined = engine.await(backend.join(this));
        return new Membership(joined, engine.await(joined.beat()).epoch());
    }

    /**
     * The store takes this process for dead, or has forgotten it: what it held is lost, and it begins anew.
     *
     * @param gone the membership that has ended; if that is known already, nothing happens
     * @param reason what its owners are told
     */
    void rejoin(Membership gone, Loss.Reason reason) {
        rejoining.lock();
        try {
            if (current != gone) {
                return;
            }
            engine.checkOpen();
            Loss loss = new Loss(reason, null, null, engine.time().now());
            gone.end(loss);
            engine.losses().over(gone, loss);
            if (reason == Loss.Reason.STORE_RESET) {
                tellAllLost(loss);
            }
            Membership fresh = join();
            if (!fresh.epoch().equals(gone.epoch()) && reason != Loss.Reason.STORE_RESET) {
                tellAllLost(loss);
            }
            current = fresh;
            engine.rejoined(fresh);
            LOG.warn("{}: {}; its holds are lost, and it has joined anew", engine, loss.describe());
        } finally {
            rejoining.unlock();
        }
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
    public void over(Connection connection) {
        engine.over(connection);
    }
}
