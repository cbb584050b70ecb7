@NullMarked
package dev.objectlock.benchmarks;

import org.jspecify.annotations.NullMarked;
