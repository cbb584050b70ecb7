package dev.objectlock.weave;

import dev.objectlock.annotation.Require;
import dev.objectlock.backend.Claim;

/**
 * What is checked before one call.
 *
 * @param claim what the body touches
 * @param require what is asked for
 */
record Guarding(Claim claim, Require require) {}
