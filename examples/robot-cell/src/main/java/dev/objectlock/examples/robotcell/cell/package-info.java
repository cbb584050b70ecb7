/**
 * The objects of a robot cell, and on their methods who may call them when. Nothing in here takes or gives back a lock:
 * the annotations do.
 */
@NullMarked
package dev.objectlock.examples.robotcell.cell;

import org.jspecify.annotations.NullMarked;
