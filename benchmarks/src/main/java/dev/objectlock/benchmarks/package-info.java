/**
 * What locks cost, measured beside what one would use instead, in the same run.
 *
 * <p>{@link dev.objectlock.benchmarks.Benchmarks} runs everything; each other class measures one thing.
 */
@NullMarked
package dev.objectlock.benchmarks;

import org.jspecify.annotations.NullMarked;
