/** An example: processes that share slots, and tasks that are each done once, with Redis, woven at compile time, without Spring. */
@NullMarked
package dev.objectlock.examples.jobslots;

import org.jspecify.annotations.NullMarked;
