package dev.objectlock.examples.robotcell.server;

import dev.objectlock.LockPath;
import dev.objectlock.ObjectLocks;
import dev.objectlock.examples.robotcell.cell.Arm;
import dev.objectlock.examples.robotcell.cell.Camera;
import dev.objectlock.examples.robotcell.cell.Cell;
import dev.objectlock.examples.robotcell.cell.Gripper;
import dev.objectlock.examples.robotcell.cell.Pose;
import dev.objectlock.examples.robotcell.cell.Robot;
import java.util.List;

/** The verbs that move the cell. They know nothing of locks: the annotations of the methods that they call do. */
final class CellVerbs {

    private static final int REACH = 1_000;
    private static final int WIDEST_GRIP = 100;

    private final ObjectLocks locks;
    private final Robot robot;
    private final Arm arm;
    private final Gripper gripper;
    private final Camera camera;

    CellVerbs(Cell cell, ObjectLocks locks) {
        this.locks = locks;
        this.robot = cell.robot();
        this.arm = robot.arm();
        this.gripper = robot.gripper();
        this.camera = cell.camera();
    }

    List<Verb> all() {
        return List.of(
                verb("move X Y Z", "moves the arm, in mm", arm, this::move),
                verb("home", "moves the arm home", arm, this::home),
                verb(
                        "teach on|off",
                        "notes where the arm goes; it then moves for this connection only",
                        arm,
                        this::teach),
                verb("grip WIDTH", "moves the jaws of the gripper, in mm", gripper, this::grip),
                verb("photo", "takes a photo", camera, this::photo),
                verb("speed PERCENT", "sets the speed of the robot", robot, this::speed),
                verb("pose", "says where arm and jaws are", arm, this::pose),
                verb("watch", "streams a hundred poses a second", arm, (client, words) -> client.watch(arm.poses())),
                verb("unwatch", "ends the stream", arm, (client, words) -> client.unwatch()),
                new Verb("stop", "stops the robot at once; for everybody", false, words -> path(robot), this::stop),
                verb("reset", "lets the robot move again after a stop", robot, this::reset));
    }

    private Verb verb(String usage, String meaning, Object subject, Verb.Action action) {
        LockPath path = locks.pathOf(subject);
        return new Verb(usage, meaning, true, words -> path.toString(), action);
    }

    private String path(Object subject) {
        return locks.pathOf(subject).toString();
    }

    private Reply move(Connection client, Words words) {
        Pose target = new Pose(
                words.number(0, "X", -REACH, REACH),
                words.number(1, "Y", -REACH, REACH),
                words.number(2, "Z", 0, REACH));
        arm.moveTo(target, () -> client.progress("moving"));
        return Reply.ok("at " + target);
    }

    private Reply home(Connection client, Words words) {
        arm.home(() -> client.progress("moving"));
        return Reply.ok("at home");
    }

    private Reply teach(Connection client, Words words) {
        if (words.onOrOff(0)) {
            arm.startTeaching();
            return Reply.ok("teaching: the arm moves for this connection only");
        }
        int taught = arm.endTeaching().size();
        return Reply.ok(taught + (taught == 1 ? " point" : " points") + " taught");
    }

    private Reply grip(Connection client, Words words) {
        int width = words.number(0, "WIDTH", 0, WIDEST_GRIP);
        long asked = System.nanoTime();
        String[] waited = {""};
        gripper.grip(width, () -> {
            waited[0] = Say.since(asked);
            client.progress("gripping");
        });
        return Reply.ok("jaws at " + width + " mm (got in after " + waited[0] + ")");
    }

    private Reply pose(Connection client, Words words) {
        return Reply.ok("at " + arm.pose() + ", jaws at " + gripper.width() + " mm");
    }

    private Reply photo(Connection client, Words words) {
        return Reply.ok("photo " + camera.photo() + " taken");
    }

    private Reply speed(Connection client, Words words) {
        int percent = words.number(0, "PERCENT", 1, 100);
        robot.setSpeed(percent);
        return Reply.ok("speed is " + percent + " %");
    }

    private Reply stop(Connection client, Words words) {
        robot.stop();
        return Reply.ok("EMERGENCY STOP");
    }

    private Reply reset(Connection client, Words words) {
        robot.reset();
        return Reply.ok("ready");
    }
}
