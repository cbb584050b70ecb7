/** Locks in Redis, by the application's connection. */
@NullMarked
package dev.objectlock.spring.boot.redis;

import org.jspecify.annotations.NullMarked;
