/** Edits of scores: what the lock framework has to do with is in here. */
@NullMarked
package dev.objectlock.examples.scoreeditor.edit;

import org.jspecify.annotations.NullMarked;
