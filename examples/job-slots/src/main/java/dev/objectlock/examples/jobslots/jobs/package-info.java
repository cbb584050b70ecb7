/** What is shared: the render farm with its slots, the tasks of a night, and the book in which what is done is written. */
@NullMarked
package dev.objectlock.examples.jobslots.jobs;

import org.jspecify.annotations.NullMarked;
