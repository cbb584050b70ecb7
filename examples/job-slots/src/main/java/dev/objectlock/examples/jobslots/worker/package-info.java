/** One of the processes that work. */
@NullMarked
package dev.objectlock.examples.jobslots.worker;

import org.jspecify.annotations.NullMarked;
