package dev.objectlock.spring;

import dev.objectlock.ObjectLocksBuilder;

/** A bean that has the last word on how the {@link dev.objectlock.ObjectLocks} bean is made. */
@FunctionalInterface
public interface ObjectLocksCustomizer {

    /**
     * Changes the builder.
     *
     * @param builder has everything that is known by beans
     */
    void customize(ObjectLocksBuilder builder);
}
