package dev.objectlock.examples.robotcell.cell;

import java.time.Duration;

/** A motion, from which the pose at any moment can be told. */
record Track(Pose from, Pose to, long begin, Duration time) {

    static Track resting(Pose at) {
        return new Track(at, at, 0, Duration.ZERO);
    }

    static Track of(Pose from, Pose to, Duration time) {
        return new Track(from, to, System.nanoTime(), time);
    }

    Pose now() {
        if (time.isZero()) {
            return to;
        }
        return from.towards(to, Math.min(1, (System.nanoTime() - begin) / (double) time.toNanos()));
    }
}
