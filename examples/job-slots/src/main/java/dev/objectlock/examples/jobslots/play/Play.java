package dev.objectlock.examples.jobslots.play;

import dev.objectlock.examples.jobslots.jobs.RenderFarm;
import dev.objectlock.examples.jobslots.jobs.TaskBook;
import dev.objectlock.examples.jobslots.ledger.Ledger;
import dev.objectlock.examples.jobslots.ledger.Outcome;
import dev.objectlock.examples.jobslots.ledger.Run;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Workers share slots and tasks; one of them is killed, another paused. */
public final class Play implements AutoCloseable {

    private static final int SOME = 4;

    private final Settings settings;
    private final Redis redis;
    private final Timeline timeline;
    private final Stage stage;
    private final Ledger ledger;

    public Play(Settings settings, Redis redis, Timeline timeline) {
        this.settings = settings;
        this.redis = redis;
        this.timeline = timeline;
        this.stage = new Stage(settings, redis.uri(), timeline);
        this.ledger = stage.ledger();
    }

    /** Plays all acts, and returns what must not have been. */
    public List<String> play() throws IOException, InterruptedException {
        begin();
        kill(settings.workers().get(1));
        if (WorkerProcess.canPause()) {
            pause(settings.workers().get(2));
        } else {
            stage.row("this system cannot pause a process, so nobody is paused");
        }
        return end();
    }

    private void begin() throws IOException, InterruptedException {
        timeline.heading(settings.tasks() + " invoices are to be rendered, each once, by "
                + settings.workers().size() + " worker processes of " + settings.threads() + " threads. They share "
                + RenderFarm.SLOTS + " slots:");
        timeline.heading(
                "a letter is a slot that this worker has, a small letter one of a worker that is silent, a dot a free one.");
        stage.startAll();
        stage.row("the workers " + String.join(", ", settings.workers()) + " are the processes "
                + String.join(
                        ", ",
                        stage.workers().stream()
                                .map(worker -> Long.toString(worker.pid()))
                                .toList()));
    }

    private void kill(String name) throws InterruptedException {
        awaitInTheMiddle(name, settings.tasks() / 8);
        timeline.heading("A worker dies. What it had is taken for " + Timeline.text(settings.timeout())
                + " after its last sign of life; then others get it.");
        WorkerProcess worker = stage.worker(name);
        stage.leaves(name);
        worker.kill();
        List<Run> unfinished = ledger.died(name);
        stage.pool().falls(name);
        stage.row("kill -9 " + worker.pid() + ", which is " + name + ", in the middle of " + names(unfinished));
        awaitSlotsOf(name);
        awaitSuccessors(unfinished);
    }

    private void pause(String name) throws IOException, InterruptedException {
        awaitInTheMiddle(name, settings.tasks() / 2);
        timeline.heading(
                "A worker stops for too long, and does not know it. Its late results are refused, as newer fences have begun.");
        WorkerProcess worker = stage.worker(name);
        List<Run> before = ledger.pauses(name);
        worker.pause();
        stage.pool().falls(name);
        stage.row("kill -STOP " + worker.pid() + ", which is " + name + ", in the middle of " + names(before));
        awaitSlotsOf(name);
        List<Run> stopped = ledger.running(name);
        awaitSuccessors(stopped);
        ledger.goesOn(name);
        stage.pool().comesBack(name);
        worker.goOn();
        stage.row("kill -CONT " + worker.pid() + ": " + name + " goes on where it was, and knows of nothing");
        stage.until(name + " has ended what it was in the middle of", () -> ledger.running(name).stream()
                .noneMatch(stopped::contains));
        stopped.forEach(this::tellEnd);
    }

    private List<String> end() throws InterruptedException {
        List<String> violations = new ArrayList<>(stage.awaitEnds());
        Map<String, TaskBook.Done> done = stage.book().done();
        ledger.close(stage.taskNames(), done);
        stage.row("all workers have ended");
        violations.addAll(ledger.violations());
        timeline.heading("The ledger, which knows only what the workers told: at most " + ledger.most() + " of "
                + RenderFarm.SLOTS + " slots in use, " + done.size() + " of " + settings.tasks() + " invoices done in "
                + ledger.begun() + " runs.");
        timeline.heading("Redis was " + redis.text() + ".");
        timeline.heading(
                violations.isEmpty()
                        ? "No rule was broken: never a slot too many, each invoice done once, and of its runs each with a greater"
                                + " fence than the one before."
                        : "BROKEN:\n  " + String.join("\n  ", violations));
        return violations;
    }

    /** Until so many tasks are done, and a worker is in the middle of some. */
    private void awaitInTheMiddle(String name, int done) throws InterruptedException {
        stage.until(
                name + " is in the middle of something",
                () -> ledger.done() >= done && (ledger.running(name).size() >= SOME || isAllDone()));
        if (isAllDone()) {
            throw new IllegalStateException(
                    "all tasks were done before " + name + "'s turn; give the play more of them");
        }
    }

    private boolean isAllDone() {
        return ledger.done() == settings.tasks();
    }

    private void awaitSlotsOf(String name) throws InterruptedException {
        long begin = System.nanoTime();
        AtomicInteger most = new AtomicInteger(); // also those that it was in the line for
        stage.until("the slots of " + name + " are free again", () -> {
            int slots = stage.pool().slotsOf(name);
            most.accumulateAndGet(slots, Math::max);
            return slots == 0;
        });
        String time = Timeline.text(Duration.ofNanos(System.nanoTime() - begin));
        stage.row("the " + most + " slots of " + name + " are free again, after " + time);
    }

    /** Until somebody else has begun what nobody ended, unless that is found in the book. */
    private void awaitSuccessors(List<Run> unfinished) throws InterruptedException {
        List<Run> left = new ArrayList<>(unfinished);
        stage.until("others have begun " + names(unfinished), () -> {
            left.removeIf(this::isTakenOver);
            return left.isEmpty();
        });
    }

    private boolean isTakenOver(Run run) {
        Run newest = ledger.newest(run.task()).orElse(run);
        if (!newest.equals(run)) {
            stage.row(run.task() + " passes from " + run.worker() + " to " + newest.worker() + ", its fence from "
                    + run.fence() + " to " + newest.fence());
            return true;
        }
        if (stage.book().open(List.of(run.task())).isEmpty()) {
            stage.row(run.task() + " is in the book: " + run.worker() + " had done it, and had no time to tell");
            return true;
        }
        return false;
    }

    private void tellEnd(Run run) {
        Outcome outcome = ledger.outcome(run).orElse(Outcome.LOST);
        stage.row(run.worker() + "'s " + run.task() + " "
                + switch (outcome) {
                    case DONE -> "is done";
                    case REFUSED -> "is refused by the book, as its fence " + run.fence() + " is old";
                    case LOST -> "is given up, as its slot was lost";
                });
    }

    private static String names(List<Run> runs) {
        return String.join(", ", runs.stream().map(Run::task).toList());
    }

    /** Returns the witness. */
    public Ledger ledger() {
        return ledger;
    }

    @Override
    public void close() {
        stage.close();
    }
}
