package com.example.cell;

import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;

/** Nothing but annotations: the locks are woven in when it is loaded. */
public class Robot {

    public void work(String cell, Runnable step) {
        moveTo(cell, step);
    }

    @ObjectLock(path = "cell:{cell}/robot", mode = LockMode.USER)
    private void moveTo(String cell, Runnable step) {
        step.run();
    }
}
