package dev.objectlock.examples.robotcell.cell;

import dev.objectlock.annotation.Guarded;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockParent;
import dev.objectlock.annotation.Lockable;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.annotation.Unrestricted;

/** A robot, {@code cell:1/robot}. A tree lock on it covers its arm and its gripper, but not the camera beside it. */
@Lockable(path = "robot")
public final class Robot {

    private static final int FULL_SPEED = 100;
    private static final int CREEP_SPEED = 10;

    @LockParent
    private final Cell cell;

    private final Drives drives = new Drives();
    private final Arm arm;
    private final Gripper gripper;

    Robot(Cell cell) {
        this.cell = cell;
        this.arm = new Arm(this, drives);
        this.gripper = new Gripper(this, drives);
    }

    public Cell cell() {
        return cell;
    }

    public Arm arm() {
        return arm;
    }

    public Gripper gripper() {
        return gripper;
    }

    /** Sets the speed of later motions. It is done in a moment, so a check is enough: nobody else has this robot. */
    @Guarded
    public void setSpeed(int percent) {
        drives.setSpeed(percent);
    }

    /**
     * Stops all motion at once, whoever has locked what. The guard of {@code setSpeed} is off in here too: what an
     * unrestricted method calls on the same object is unrestricted.
     */
    @Unrestricted
    public void stop() {
        drives.stop();
        setSpeed(CREEP_SPEED);
    }

    /** Allows motion again after a stop. Unlike the stop itself that is not for everybody. */
    @ObjectLock(mode = LockMode.USER)
    public void reset() {
        drives.reset();
        setSpeed(FULL_SPEED);
    }
}
