package com.example.cell;

import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.Lockable;
import dev.objectlock.annotation.ObjectLock;
import lombok.Getter;
import lombok.RequiredArgsConstructor;

/** Its path is made with a getter that Lombok writes; the field alone, being lazy, would not do. */
@Lockable(path = "cell:{cell}")
@ObjectLock(mode = LockMode.USER)
@RequiredArgsConstructor
public class Robot {

    private final int number;

    @Getter(lazy = true)
    private final String cell = "c" + number;

    public void moveTo(Job job, Runnable step) {
        step.run();
    }

    @ObjectLock(path = "cell:{this.cell}/slot:{job.slot}", mode = LockMode.USER)
    public void put(Job job, Runnable step) {
        step.run();
    }
}
