package dev.objectlock.examples.jobslots.jobs;

import dev.objectlock.Hold;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;

/** Tasks of one night that are each to be done once, however many processes try. */
public final class NightlyTasks {

    /** How a task is done. */
    @FunctionalInterface
    public interface Work {

        /** Does it, and has the result written in the book with the fence of the lock. */
        void run(String name, Hold lock) throws InterruptedException;
    }

    private final TaskBook book;

    public NightlyTasks(TaskBook book) {
        this.book = book;
    }

    /** Runs a task, unless it is done; while somebody else runs it this is refused. */
    @ObjectLock(path = "task:{night}/{name}", mode = LockMode.MONITOR, waitFor = "0s")
    public void runIfFree(String night, String name, Work work) throws InterruptedException {
        runUnlessDone(name, work);
    }

    /** The same, and waits for whoever runs it: if that one dies, this one runs it. */
    @ObjectLock(path = "task:{night}/{name}", mode = LockMode.MONITOR, waitFor = "5m")
    public void runWhenFree(String night, String name, Work work) throws InterruptedException {
        runUnlessDone(name, work);
    }

    private void runUnlessDone(String name, Work work) throws InterruptedException {
        // The lock keeps two from running a task at a time, but who was paused may not know yet that it is lost: so the
        // book decides. A task is done once, yet may be begun twice: work that was cut off half way must bear that.
        Hold lock = Hold.current();
        if (book.begin(name, lock.fence())) {
            work.run(name, lock);
        }
    }
}
