package dev.objectlock.weave;

import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ReleaseLock;
import dev.objectlock.annotation.ReleaseOn;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What one {@link ReleaseLock} says, with its names resolved.
 *
 * @param paths the objects
 * @param modes the modes, none meaning all
 * @param on when to give back
 * @param skipIf when nothing is released
 */
record ReleaseSpec(Paths paths, Set<LockMode> modes, ReleaseOn on, Condition skipIf) {

    static ReleaseSpec read(ReleaseLock release, Place place) {
        Set<LockMode> modes = EnumSet.noneOf(LockMode.class);
        modes.addAll(List.of(release.mode()));
        return new ReleaseSpec(
                Paths.read(release.path(), place), modes, release.on(), Condition.read(release.skipIf(), place));
    }
}
