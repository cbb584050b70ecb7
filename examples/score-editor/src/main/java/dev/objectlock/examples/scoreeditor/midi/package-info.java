/** Scores in Standard MIDI Files. */
@NullMarked
package dev.objectlock.examples.scoreeditor.midi;

import org.jspecify.annotations.NullMarked;
