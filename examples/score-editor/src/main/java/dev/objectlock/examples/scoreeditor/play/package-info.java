/** Plays the example: editors on threads of their own, a player that reads all the time, and a timeline of what happened. */
@NullMarked
package dev.objectlock.examples.scoreeditor.play;

import org.jspecify.annotations.NullMarked;
