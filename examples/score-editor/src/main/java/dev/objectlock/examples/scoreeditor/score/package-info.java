/** A score: parts of notes, counted in ticks and bars. It knows of no locks: who edits it has seen to that. */
@NullMarked
package dev.objectlock.examples.scoreeditor.score;

import org.jspecify.annotations.NullMarked;
