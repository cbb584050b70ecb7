package dev.objectlock.spring;

import dev.objectlock.OwnerContext;
import org.springframework.core.task.TaskDecorator;

/**
 * Carries the user and client of whoever submits a task to the thread that runs it, as a new flow: what the submitter holds
 * for its call the task does not hold. For executors, and so for {@code @Async}. Thread-safe.
 */
public final class ObjectLockTaskDecorator implements TaskDecorator {

    /** Creates a decorator. */
    public ObjectLockTaskDecorator() {}

    @Override
    public Runnable decorate(Runnable task) {
        return OwnerContext.carry().wrap(task);
    }
}
