package dev.objectlock.examples.robotcell.cell;

import dev.objectlock.annotation.Guarded;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockParent;
import dev.objectlock.annotation.Lockable;
import java.util.concurrent.atomic.AtomicInteger;

/** The camera beside the robot, {@code cell:1/camera}. */
@Lockable(path = "camera")
public final class Camera {

    @LockParent
    private final Cell cell;

    private final AtomicInteger photos = new AtomicInteger();

    Camera(Cell cell) {
        this.cell = cell;
    }

    /** Takes a photo, unless somebody has the camera or the cell to themselves; returns its number. */
    @Guarded(access = LockAccess.SHARED)
    public int photo() {
        return photos.incrementAndGet();
    }

    public Cell cell() {
        return cell;
    }
}
