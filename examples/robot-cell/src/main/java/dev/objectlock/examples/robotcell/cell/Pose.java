package dev.objectlock.examples.robotcell.cell;

/** Where the arm is, in millimetres. */
public record Pose(int x, int y, int z) {

    double distanceTo(Pose other) {
        return Math.hypot(Math.hypot(other.x - x, other.y - y), other.z - z);
    }

    /** The point on the straight line to another: 0 is this one, 1 the other. */
    Pose towards(Pose other, double part) {
        return new Pose(between(x, other.x, part), between(y, other.y, part), between(z, other.z, part));
    }

    private static int between(int from, int to, double part) {
        return (int) Math.round(from + (to - from) * part);
    }

    @Override
    public String toString() {
        return x + " " + y + " " + z;
    }
}
