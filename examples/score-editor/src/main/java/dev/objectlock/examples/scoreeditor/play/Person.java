package dev.objectlock.examples.scoreeditor.play;

import dev.objectlock.LockOwner;
import dev.objectlock.ObjectLocks;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Somebody who edits: a user, with a thread of their own. */
final class Person implements AutoCloseable {

    private final ObjectLocks locks;
    private final LockOwner owner;
    private final ExecutorService thread;

    Person(ObjectLocks locks, String name) {
        this.locks = locks;
        this.owner = LockOwner.user(name);
        this.thread = Executors.newSingleThreadExecutor(work -> {
            Thread own = new Thread(work, name);
            own.setDaemon(true);
            return own;
        });
    }

    String name() {
        return owner.name();
    }

    boolean is(LockOwner other) {
        return owner.isSameUser(other);
    }

    /** Begins to do something, as this user. */
    Task begin(long stopAt, Task.Deed deed) {
        return new Task(thread, stopAt, progress -> locks.runAs(owner, () -> deed.run(progress)));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
