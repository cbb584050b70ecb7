package dev.objectlock.weave;

import dev.objectlock.annotation.Guarded;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.Require;
import dev.objectlock.backend.Terms;

/**
 * What one {@link Guarded} says, with its names resolved.
 *
 * @param paths the objects
 * @param terms what the body touches, as a USER request
 * @param require what is asked for
 * @param skipIf when nothing is checked
 */
record GuardSpec(Paths paths, Terms terms, Require require, Condition skipIf) {

    static GuardSpec read(Guarded guarded, Place place) {
        return new GuardSpec(
                Paths.read(guarded.path(), place),
                Terms.scoped(LockMode.USER, guarded.scope(), guarded.access()),
                guarded.require(),
                Condition.read(guarded.skipIf(), place));
    }
}
