package dev.objectlock.engine;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockDeadlockException;
import dev.objectlock.LockDeadlockException.Link;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.backend.Ask;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cycles of flows that wait for each other's scoped holds.
 *
 * <p>Whoever waits first writes it down here and then follows holder to flow to what that flow waits for. It follows only
 * those who wrote it down before, so that of all who wait in a cycle exactly the last one sees it.
 */
final class Deadlocks {

    private static final Logger LOG = LoggerFactory.getLogger(Deadlocks.class);

    private final Engine engine;
    /** Whoever has a number is written down: the last of a cycle must find all the others. */
    private final ReentrantLock writing = new ReentrantLock();

    private final ConcurrentMap<LockOwner, List<Wait>> waits = new ConcurrentHashMap<>();
    private long numbers;

    Deadlocks(Engine engine) {
        this.engine = engine;
    }

    /** A request in the line, and how to take it out with an error. */
    record Wait(Ask ask, long number, Consumer<LockDeadlockException> fail) {}

    /** Writes down that a request waits, and fails it if that would never end. */
    Wait begins(Ask ask, Consumer<LockDeadlockException> fail) {
        Wait wait = writeDown(ask, fail);
        // Nobody can wait for a flow that holds nothing.
        if (ask.passesWaiters()) {
            failIfInCycle(wait, wait.number);
        }
        return wait;
    }

    private Wait writeDown(Ask ask, Consumer<LockDeadlockException> fail) {
        writing.lock();
        try {
            Wait wait = new Wait(ask, ++numbers, fail);
            waits.merge(ask.owner(), List.of(wait), (known, more) -> {
                List<Wait> all = new ArrayList<>(known);
                all.addAll(more);
                return all;
            });
            return wait;
        } finally {
            writing.unlock();
        }
    }

    void ends(Wait wait) {
        waits.computeIfPresent(wait.ask.owner(), (flow, known) -> {
            List<Wait> others = new ArrayList<>(known);
            others.remove(wait);
            return others.isEmpty() ? null : others;
        });
    }

    /** A flow was given a hold. If another part of it waits, that may have closed a cycle in which nobody is the last. */
    void granted(LockOwner flow) {
        if (!waits.isEmpty()) {
            for (Wait wait : waits.getOrDefault(flow, List.of())) {
                failIfInCycle(wait, Long.MAX_VALUE);
            }
        }
    }

    private void failIfInCycle(Wait wait, long upTo) {
        List<Link> cycle = new ArrayList<>();
        try {
            if (find(wait, wait.ask.owner(), upTo, new HashSet<>(), cycle)) {
                wait.fail.accept(new LockDeadlockException(cycle));
            }
        } catch (RuntimeException failed) {
            // The request goes on as it is: it waits, or has been granted.
            LOG.warn("{}: it could not be found out whether a request waits for ever", engine, failed);
        }
    }

    /** Goes on from what one request waits for; the links are those of the way from the first to the present one. */
    private boolean find(Wait wait, LockOwner target, long upTo, Set<Wait> seen, List<Link> way) {
        if (!seen.add(wait)) {
            return false;
        }
        for (HoldInfo held : engine.await(engine.process().waitsFor(wait.ask))) {
            way.add(new Link(wait.ask.owner(), waitedFor(wait.ask, held), held.owner(), held.path()));
            if (held.owner().isSameFlow(target)) {
                return true;
            }
            for (Wait next : waits.getOrDefault(held.owner(), List.of())) {
                if (next.number <= upTo && find(next, target, upTo, seen, way)) {
                    return true;
                }
            }
            way.remove(way.size() - 1);
        }
        return false;
    }

    private static LockPath waitedFor(Ask ask, HoldInfo held) {
        return ask.claims().stream()
                .map(claim -> claim.path())
                .filter(path -> path.isAtOrAbove(held.path()) || held.path().isAtOrAbove(path))
                .findFirst()
                .orElse(ask.claims().get(0).path());
    }
}
