package dev.objectlock.redis.faults;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * What the workers' locks protect. It knows nothing of the locks: it refuses what comes with an older fence than that of
 * somebody who shuts the comer out, and sees who is inside together. Thread-safe.
 */
final class Resource {

    private final Tally tally;
    private final Map<String, Tree> trees = new HashMap<>();
    private final Queue<Overlap> overlaps = new ConcurrentLinkedQueue<>();

    Resource(Tally tally) {
        this.tally = tally;
    }

    /** Returns whether it may go in. */
    synchronized boolean enter(Visit visit) {
        tally.add(Count.GRANTS);
        Tree tree = tree(visit);
        long now = System.nanoTime();
        if (tree.isStale(visit)) {
            tally.add(Count.STALE_ENTRIES);
            visit.overtaken();
            overlaps.add(Overlap.of(List.of(visit), 0, visit, now));
            return false;
        }
        for (Visit older : tree.against(visit)) {
            older.overtaken();
            overlaps.add(Overlap.of(List.of(older), 0, visit, now));
        }
        tree.enter(visit);
        if (visit.claim().slots() > 0
                && tree.slotsOf(visit).size() > visit.claim().slots()) {
            overlaps.add(Overlap.of(tree.slotsOf(visit), visit.claim().slots(), visit, now));
        }
        return true;
    }

    /** Returns whether it was done. */
    synchronized boolean write(Visit visit) {
        if (!visit.isInside() || tree(visit).isStale(visit)) {
            tally.add(Count.STALE_WRITES);
            return false;
        }
        visit.written();
        tally.add(Count.WRITES);
        return true;
    }

    synchronized void leave(Visit visit) {
        tree(visit).leave(visit);
    }

    /** Its worker knows that the hold is lost. */
    synchronized void told(Visit visit) {
        visit.told(System.nanoTime());
    }

    /** The worker has given it back. */
    synchronized void ended(Visit visit, boolean asIfHeld) {
        tree(visit).leave(visit);
        if (asIfHeld && visit.isOvertaken()) {
            tally.add(Count.SILENT_LOSSES, visit + " was given back as if it had been held");
        }
    }

    /** Whether a worker is inside, has written and will write again, with a hold whose fence says something. */
    synchronized boolean isBusy(int worker) {
        return busy(worker).findAny().isPresent();
    }

    /** Whether somebody has come in whom such a hold should have kept out. */
    synchronized boolean isOvertaken(int worker) {
        return busy(worker).anyMatch(Visit::isOvertaken);
    }

    private Stream<Visit> busy(int worker) {
        return trees.values().stream()
                .flatMap(tree -> tree.inside().stream())
                .filter(visit ->
                        visit.claim().worker() == worker && visit.claim().slots() == 0)
                .filter(visit -> visit.writes() == 1);
    }

    /** Judges what was seen; to be called once, when the run is over. */
    void judge(Silences silences) {
        for (Overlap overlap : overlaps) {
            Count verdict = overlap.judged(silences);
            if (verdict == Count.OVERLAPS_UNFENCED) {
                tally.add(verdict, overlap.say());
            } else {
                tally.add(verdict);
            }
        }
    }

    private Tree tree(Visit visit) {
        return trees.computeIfAbsent(visit.claim().root(), root -> new Tree());
    }
}
