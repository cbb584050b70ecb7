package dev.objectlock.examples.robotcell.cell;

import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockParent;
import dev.objectlock.annotation.Lockable;
import dev.objectlock.annotation.ObjectLock;
import java.util.concurrent.atomic.AtomicBoolean;

/** The gripper, {@code cell:1/robot/gripper}. */
@Lockable(path = "gripper")
public final class Gripper {

    private static final double SECONDS = 0.3;

    @LockParent
    private final Robot robot;

    private final Drives drives;
    private volatile int width;

    /** What the lock keeps from happening would be seen by this. */
    private final AtomicBoolean moving = new AtomicBoolean();

    Gripper(Robot robot, Drives drives) {
        this.robot = robot;
        this.drives = drives;
    }

    /** Opens or closes the jaws and returns when that is done: a few tenths of a second for which others wait. */
    @ObjectLock(mode = LockMode.MONITOR)
    public void grip(int millimetres, Runnable onStart) {
        if (!moving.compareAndSet(false, true)) {
            throw new StoppedException("the jaws are jammed: two motions at once");
        }
        try {
            drives.run(drives.timeFor(SECONDS), onStart);
            width = millimetres;
        } finally {
            moving.set(false);
        }
    }

    public int width() {
        return width;
    }

    public Robot robot() {
        return robot;
    }
}
