package dev.objectlock.examples.jobslots.worker;

import dev.objectlock.Hold;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockLostException;
import dev.objectlock.examples.jobslots.jobs.NightlyTasks;
import dev.objectlock.examples.jobslots.jobs.RenderFarm;
import dev.objectlock.examples.jobslots.jobs.TaskBook;
import dev.objectlock.examples.jobslots.ledger.Outcome;
import dev.objectlock.examples.jobslots.ledger.Report;
import io.lettuce.core.RedisCommandInterruptedException;
import java.time.Duration;
import java.util.List;

/** Tries all tasks of the night until all are done: what one thread of a worker does. Thread-safe. */
final class Worker {

    /** A slot is not worth beginning with if the task's lock is not certain for this long. */
    private static final Duration A_MOMENT = Duration.ofMillis(100);

    private final WorkerSettings settings;
    private final TaskBook book;
    private final NightlyTasks tasks;
    private final RenderFarm farm = new RenderFarm();
    private final Reports reports;

    Worker(WorkerSettings settings, TaskBook book, Reports reports) {
        this.settings = settings;
        this.book = book;
        this.tasks = new NightlyTasks(book);
        this.reports = reports;
    }

    void work() throws InterruptedException {
        List<String> names = settings.taskNames();
        for (List<String> open = book.open(names); !open.isEmpty(); open = book.open(names)) {
            if (!ranOneOf(open)) {
                awaitEndOf(open.get(0));
            }
        }
    }

    /** Runs the first task that nobody else runs at this moment. */
    private boolean ranOneOf(List<String> open) throws InterruptedException {
        for (String task : open) {
            try {
                tasks.runIfFree(settings.night(), task, this::render);
                return true;
            } catch (LockBusyException elsewhere) {
                // Others run it. Perhaps the next one?
            } catch (LockLostException lost) {
                return true;
            }
        }
        return false;
    }

    /** All that is left is being run by others. One of them may die. */
    private void awaitEndOf(String task) throws InterruptedException {
        try {
            tasks.runWhenFree(settings.night(), task, this::render);
        } catch (LockBusyException stillRunning) {
            // It is still open then, and is tried again.
        } catch (LockLostException lost) {
            // Whoever has it now does it.
        }
    }

    private void render(String task, Hold lock) throws InterruptedException {
        farm.render(slot -> {
            lock.ensure(A_MOMENT); // it may have been a long wait for the slot
            reports.tell(new Report.Begins(task, lock.fence(), slot));
            Outcome outcome = Outcome.LOST;
            try {
                Thread.sleep(timeFor(task).toMillis());
                outcome = book.finish(task, lock.fence(), settings.name()) ? Outcome.DONE : Outcome.REFUSED;
            } catch (InterruptedException | RedisCommandInterruptedException slotLost) {
                // Stop at once: somebody else has the slot. The call throws LockLostException when this has returned.
            } finally {
                reports.tell(new Report.Ends(task, lock.fence(), outcome));
            }
        });
    }

    /** From half to one and a half of the average, so that slots change hands one by one. */
    private Duration timeFor(String task) {
        return settings.work()
                .multipliedBy(50 + Math.floorMod(task.hashCode() * 31, 101))
                .dividedBy(100);
    }
}
