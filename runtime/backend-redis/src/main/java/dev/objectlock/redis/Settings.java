package dev.objectlock.redis;

import dev.objectlock.LockTime;
import io.lettuce.core.AbstractRedisClient;
import java.time.Duration;

/**
 * What a backend is made of.
 *
 * @param client knows where the server or the Cluster is
 * @param prefix what the names of all keys and channels begin with
 * @param buckets how many buckets the roots are spread over
 * @param processTimeout after how long a silence a process is dead
 * @param replyTimeout how long a reply may take before the outcome is unknown
 * @param replicas how many replicas must have a change before it is answered
 * @param replicaTimeout how long that may take
 * @param time the time of this process
 * @param testTime whether that is also the time of the store
 */
record Settings(
        AbstractRedisClient client,
        String prefix,
        int buckets,
        Duration processTimeout,
        Duration replyTimeout,
        int replicas,
        Duration replicaTimeout,
        LockTime time,
        boolean testTime) {}
