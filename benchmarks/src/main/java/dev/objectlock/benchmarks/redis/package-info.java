/**
 * What locks cost over Redis, measured beside what one would use instead, on the same server and in the same run.
 *
 * <p>{@link dev.objectlock.benchmarks.redis.RedisBenchmarks} runs everything.
 */
@NullMarked
package dev.objectlock.benchmarks.redis;

import org.jspecify.annotations.NullMarked;
