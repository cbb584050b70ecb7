/** An example: a robot cell that several operators share over a line protocol, woven at compile time, without Spring. */
@NullMarked
package dev.objectlock.examples.robotcell;

import org.jspecify.annotations.NullMarked;
