/** An example: several editors on one score, with undo, woven at compile time, without Spring. */
@NullMarked
package dev.objectlock.examples.scoreeditor;

import org.jspecify.annotations.NullMarked;
