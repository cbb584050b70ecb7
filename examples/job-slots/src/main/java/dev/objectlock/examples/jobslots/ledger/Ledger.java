package dev.objectlock.examples.jobslots.ledger;

import dev.objectlock.examples.jobslots.jobs.TaskBook;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the workers say they do, and what of it must not be. It knows no locks, and believes none. Workers wait until their line is
 * in it before they go on, so its order is that in which things happened. Thread-safe.
 */
public final class Ledger {

    private final int slots;
    private final Map<String, List<Run>> runs = new HashMap<>();
    private final Set<Run> open = new LinkedHashSet<>();
    private final Map<Run, Outcome> ended = new HashMap<>();
    private final Map<String, Run> done = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private int most;

    /** What paused workers had begun: it may have passed to others before they know of it, and so does not count as use. */
    private final Set<Run> doubtful = new HashSet<>();

    /** The newest slot that was told of when the worker went on after its pause; all later while it is paused. */
    private final Map<String, Long> grantedBeforePause = new HashMap<>();

    private long newestSlot;

    public Ledger(int slots) {
        this.slots = slots;
    }

    /** A worker tells something. */
    public synchronized void hear(String worker, Report report) {
        if (report instanceof Report.Begins begins) {
            begins(new Run(worker, begins.task(), begins.fence(), begins.slot()));
        } else if (report instanceof Report.Ends ends) {
            ends(worker, ends);
        }
    }

    private void begins(Run run) {
        if (run.slot() <= grantedBeforePause.getOrDefault(run.worker(), -1L)) {
            doubtful.add(run);
        } else {
            check(run);
        }
        newestSlot = Math.max(newestSlot, run.slot());
        open.add(run);
        runsOf(run.task()).add(run);
        most = Math.max(most, inUse());
        if (inUse() > slots) {
            violations.add(inUse() + " slots of " + slots + " are in use with " + run);
        }
    }

    private void check(Run run) {
        Run first = done.get(run.task());
        if (first != null) {
            violations.add(run + " begins although the task was done: " + first);
        }
        for (Run earlier : runsOf(run.task())) {
            if (isInUse(earlier)) {
                violations.add(run + " begins while another goes on: " + earlier);
            }
            if (earlier.fence() >= run.fence()) {
                violations.add(run + " has no greater fence than an earlier one: " + earlier);
            }
        }
    }

    private void ends(String worker, Report.Ends report) {
        Optional<Run> found = open.stream()
                .filter(run -> run.worker().equals(worker)
                        && run.task().equals(report.task())
                        && run.fence() == report.fence())
                .findFirst();
        if (found.isEmpty()) {
            violations.add(worker + " ends a run of " + report.task() + " that it has not begun");
            return;
        }
        Run run = found.get();
        open.remove(run);
        ended.put(run, report.outcome());
        if (report.outcome() == Outcome.DONE) {
            Run first = done.putIfAbsent(run.task(), run);
            if (first != null) {
                violations.add(run + " is done although the task was done before: " + first);
            }
        }
    }

    /** A worker is dead, and all that it said has been heard. Returns what it was doing. */
    public synchronized List<Run> died(String worker) {
        List<Run> unfinished = running(worker);
        unfinished.forEach(open::remove);
        return unfinished;
    }

    /** A worker will be paused now. Returns what it is doing. */
    public synchronized List<Run> pauses(String worker) {
        grantedBeforePause.put(worker, Long.MAX_VALUE);
        List<Run> begun = running(worker);
        doubtful.addAll(begun);
        return begun;
    }

    /** A worker will go on now. What it was granted from now on counts again. */
    public synchronized void goesOn(String worker) {
        grantedBeforePause.put(worker, newestSlot);
    }

    /** All is over: compares what was heard with what is in the book. */
    public synchronized void close(List<String> tasks, Map<String, TaskBook.Done> book) {
        for (String task : tasks) {
            TaskBook.Done entry = book.get(task);
            if (entry == null) {
                violations.add(task + " was never done");
                continue;
            }
            Optional<Run> written = runsOf(task).stream()
                    .filter(run -> run.worker().equals(entry.worker()) && run.fence() == entry.fence())
                    .findFirst();
            Run told = done.get(task);
            // Whoever is killed or stopped between the book and its report has done the task, and told nobody.
            if (written.isEmpty()
                    || ended.get(written.get()) == Outcome.REFUSED
                    || told != null && !told.equals(written.get())) {
                violations.add("the book says of " + task + ": " + entry + ", but told was "
                        + (told == null ? runsOf(task) : told));
            }
        }
        open.forEach(run -> violations.add(run + " never ended"));
        ended.forEach((run, outcome) -> {
            if (outcome != Outcome.DONE && !doubtful.contains(run)) {
                violations.add(run + " ended as " + outcome + ", although nobody had paused " + run.worker()
                        + "; if the machine did, give the workers a longer timeout");
            }
        });
    }

    private int inUse() {
        return (int) open.stream().filter(this::isInUse).count();
    }

    private boolean isInUse(Run run) {
        return open.contains(run) && !doubtful.contains(run);
    }

    private List<Run> runsOf(String task) {
        return runs.computeIfAbsent(task, name -> new ArrayList<>());
    }

    /** Returns what a worker is doing. */
    public synchronized List<Run> running(String worker) {
        return open.stream().filter(run -> run.worker().equals(worker)).toList();
    }

    /** Returns the last run of a task that has begun. */
    public synchronized Optional<Run> newest(String task) {
        List<Run> all = runsOf(task);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** Returns how a run has ended; empty while it goes on, or if its worker died. */
    public synchronized Optional<Outcome> outcome(Run run) {
        return Optional.ofNullable(ended.get(run));
    }

    /** Returns how many runs have begun. */
    public synchronized int begun() {
        return runs.values().stream().mapToInt(List::size).sum();
    }

    /** Returns how many tasks were told to be done. */
    public synchronized int done() {
        return done.size();
    }

    /** Returns how many slots were in use at most. */
    public synchronized int most() {
        return most;
    }

    /** Returns what must not have been. */
    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }
}
