/** The coordinator: starts the workers, kills one and pauses another, and prints what happens. */
@NullMarked
package dev.objectlock.examples.jobslots.play;

import org.jspecify.annotations.NullMarked;
