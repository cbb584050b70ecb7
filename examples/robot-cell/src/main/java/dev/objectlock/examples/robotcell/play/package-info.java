/** Plays a session file: several operators, each on a socket of their own, and a timeline of what they saw. */
@NullMarked
package dev.objectlock.examples.robotcell.play;

import org.jspecify.annotations.NullMarked;
