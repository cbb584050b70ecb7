/**
 * Locks that are kept in Redis or Valkey, for applications that run in several processes. Begin with {@link
 * dev.objectlock.redis.RedisLockBackend}.
 */
@NullMarked
package dev.objectlock.redis;

import org.jspecify.annotations.NullMarked;
