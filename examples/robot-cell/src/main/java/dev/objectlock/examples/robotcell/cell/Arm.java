package dev.objectlock.examples.robotcell.cell;

import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockParent;
import dev.objectlock.annotation.Lockable;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.annotation.ReleaseLock;
import dev.objectlock.annotation.Unrestricted;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;

/** The arm, {@code cell:1/robot/arm}. The rule of the class holds for each public method that does not say otherwise. */
@Lockable(path = "arm")
@ObjectLock(mode = LockMode.USER)
public final class Arm {

    private static final Pose HOME = new Pose(0, 0, 300);
    private static final double MM_PER_SECOND = 500;

    @LockParent
    private final Robot robot;

    private final Drives drives;
    private final List<Pose> taught = new CopyOnWriteArrayList<>();
    private volatile Track track = Track.resting(HOME);
    private volatile boolean teaching;
    private final PoseStream poses = new PoseStream(this::pose);

    Arm(Robot robot, Drives drives) {
        this.robot = robot;
        this.drives = drives;
    }

    /** Moves home. {@code moveTo} asks for the same USER lock again, which joins the one that this call has. */
    public void home(Runnable onStart) {
        moveTo(HOME, onStart);
    }

    /**
     * Moves and returns on arrival. The first lock keeps other people out, but not the same person's second screen; so
     * the second one lets in one call at a time. Both are one request: all or nothing.
     */
    @ObjectLock(mode = LockMode.USER)
    @ObjectLock(mode = LockMode.MONITOR)
    public void moveTo(Pose target, Runnable onStart) {
        Pose start = pose();
        Duration time = drives.timeFor(start.distanceTo(target) / MM_PER_SECOND);
        track = Track.of(start, target, time);
        try {
            drives.run(time, onStart);
            track = Track.resting(target);
        } catch (StoppedException stopped) {
            track = Track.resting(pose());
            throw stopped;
        }
        if (teaching) {
            taught.add(target);
        }
    }

    /** Begins to note targets. Whoever teaches stands beside the arm: from now on it moves for this screen only. */
    @ObjectLock(mode = LockMode.CLIENT, keep = true, lease = "60s")
    public void startTeaching() {
        taught.clear();
        teaching = true;
    }

    /** Ends teaching and gives back the lock that {@code startTeaching} kept. */
    @ReleaseLock(mode = LockMode.CLIENT)
    public List<Pose> endTeaching() {
        teaching = false;
        return List.copyOf(taught);
    }

    /** Looking is free. */
    @Unrestricted
    public Pose pose() {
        return track.now();
    }

    /** A hundred poses a second. A stream is a channel: the rule of the class does not touch it, unasked. */
    public Flow.Publisher<Pose> poses() {
        return poses.publisher();
    }

    public Robot robot() {
        return robot;
    }

    void endPoses() {
        poses.close();
    }
}
