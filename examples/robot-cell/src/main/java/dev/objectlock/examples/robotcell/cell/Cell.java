package dev.objectlock.examples.robotcell.cell;

import dev.objectlock.annotation.Lockable;

/** A cell with a robot and a camera: the root of the tree, {@code cell:1}. */
@Lockable(path = "cell:{number}")
public final class Cell implements AutoCloseable {

    private final int number;
    private final Robot robot;
    private final Camera camera;

    public Cell(int number) {
        this.number = number;
        this.robot = new Robot(this);
        this.camera = new Camera(this);
    }

    public int number() {
        return number;
    }

    public Robot robot() {
        return robot;
    }

    public Camera camera() {
        return camera;
    }

    /** Ends the pose stream. */
    @Override
    public void close() {
        robot.arm().endPoses();
    }
}
