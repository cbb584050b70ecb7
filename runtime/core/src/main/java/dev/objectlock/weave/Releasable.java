package dev.objectlock.weave;

import dev.objectlock.LockPath;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ReleaseOn;
import java.util.Set;

/**
 * What one call is to give back, before it has been looked for.
 *
 * @param path the object
 * @param modes the modes, none meaning all
 * @param on when to give back
 */
record Releasable(LockPath path, Set<LockMode> modes, ReleaseOn on) {}
