package dev.objectlock.spring;

import dev.objectlock.OwnerContext;
import dev.objectlock.weave.ThreadOwner;
import org.springframework.core.task.TaskDecorator;

/**
 * Carries the user and client of whoever submits a task to the thread that runs it, as a new flow: what the submitter holds
 * for its call the task does not hold. A task that runs at once, on the thread of its submitter, is in its flow. For executors, and so for {@code @Async}. Thread-safe.
 */
public final class ObjectLockTaskDecorator implements TaskDecorator {

    /** Creates a decorator. */
    public ObjectLockTaskDecorator() {}

    @Override
    public Runnable decorate(Runnable task) {
        OwnerContext submitter = ThreadOwner.capture();
        return () -> {
            OwnerContext before = ThreadOwner.current();
            ThreadOwner.carry(submitter);
            try {
                task.run();
            } finally {
                ThreadOwner.restore(before);
            }
        };
    }
}
