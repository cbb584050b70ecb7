@NullMarked
package dev.objectlock.benchmarks.redis;

import org.jspecify.annotations.NullMarked;
