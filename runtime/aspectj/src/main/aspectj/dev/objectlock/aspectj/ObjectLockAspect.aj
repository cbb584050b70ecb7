package dev.objectlock.aspectj;

import dev.objectlock.annotation.Placeholder;
import dev.objectlock.core.PlaceholderCalls;

/** Records the call of each annotated method. */
public aspect ObjectLockAspect {

    pointcut annotated(): execution(@Placeholder * *(..));

    before(): annotated() {
        PlaceholderCalls.record();
    }
}
