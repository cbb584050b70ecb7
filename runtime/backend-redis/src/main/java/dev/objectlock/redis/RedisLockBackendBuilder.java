package dev.objectlock.redis;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockTime;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;

/** Settings of a {@link RedisLockBackend}. Not thread-safe. All processes that share locks need the same. */
public final class RedisLockBackendBuilder {

    private static final int BUCKETS_OF_CLUSTER = 64;
    private static final int MOST_BUCKETS = 4096;
    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(300);

    private final AbstractRedisClient client;
    private String prefix = "objectlock";
    private int buckets;
    private Duration processTimeout = Duration.ofSeconds(30);
    private Duration replyTimeout = Duration.ofSeconds(5);
    private int replicas;
    private Duration replicaTimeout = Duration.ofSeconds(1);
    private LockTime time = LockTime.system();
    private boolean testTime;

    RedisLockBackendBuilder(AbstractRedisClient client) {
        this.client = client;
        this.buckets = client instanceof RedisClusterClient ? BUCKETS_OF_CLUSTER : 1;
    }

    /**
     * Sets what the names of all keys and channels begin with. Applications with different prefixes share no locks.
     *
     * @param name the prefix, without braces and white space; by default {@code objectlock}
     * @return this builder
     * @throws LockConfigurationException if it is empty, or has braces or white space
     */
    public RedisLockBackendBuilder prefix(String name) {
        if (name.isEmpty() || name.chars().anyMatch(c -> c == '{' || c == '}' || Character.isWhitespace(c))) {
            throw new LockConfigurationException(
                    "the prefix of keys in Redis is '" + name + "': it must be a name without braces and white space");
        }
        this.prefix = name;
        return this;
    }

    /**
     * Sets over how many buckets the roots are spread. A bucket lies in one hash slot, so that a Cluster needs several times as
     * many as it has primaries; a single server is fastest with one. The number is written in the store with its first use, and
     * a process that has another is refused.
     *
     * @param count the number; by default 1 on a server, 64 in a Cluster
     * @return this builder
     * @throws LockConfigurationException if it is less than 1 or more than 4,096
     */
    public RedisLockBackendBuilder buckets(int count) {
        if (count < 1 || count > MOST_BUCKETS) {
            throw new LockConfigurationException(
                    "the number of buckets is " + count + ": it must be from 1 to " + MOST_BUCKETS);
        }
        this.buckets = count;
        return this;
    }

    /**
     * Sets after how long a silence the store takes a process for dead. Its scoped holds are then gone; a process that was
     * merely paused reports them lost when it wakes.
     *
     * @param silence how long; by default 30 s
     * @return this builder
     * @throws LockConfigurationException if it is less than 300 ms
     */
    public RedisLockBackendBuilder processTimeout(Duration silence) {
        if (silence.compareTo(SHORTEST_TIMEOUT) < 0) {
            throw new LockConfigurationException("the process timeout is " + silence.toMillis()
                    + " ms: it must be 300 ms or more, since a process gives three signs of life in it");
        }
        this.processTimeout = silence;
        return this;
    }

    /**
     * Sets how long a reply of the server may take. After that the outcome is unknown: the caller gets a {@link
     * dev.objectlock.LockBackendException}, and the request is undone as soon as the server can be reached.
     *
     * @param longest how long; by default 5 s
     * @return this builder
     * @throws LockConfigurationException if it is not positive
     */
    public RedisLockBackendBuilder replyTimeout(Duration longest) {
        this.replyTimeout = positive("reply timeout", longest);
        return this;
    }

    /**
     * Has a request that is granted at once wait until replicas have it, with {@code WAIT}. That narrows the time in which a
     * failover can lose a grant, and does not close it; whoever was granted while waiting in the line is not covered. If fewer have
     * it in time the request fails with an unknown outcome, and is undone. Whatever else this process asks meanwhile is held up.
     *
     * @param count how many replicas; by default 0
     * @param longest how long that may take; by default 1 s
     * @return this builder
     * @throws LockConfigurationException if the number is negative, or the time is not positive
     */
    public RedisLockBackendBuilder waitForReplicas(int count, Duration longest) {
        if (count < 0) {
            throw new LockConfigurationException(
                    "the number of replicas to wait for is " + count + ": it must be 0 or more");
        }
        this.replicas = count;
        this.replicaTimeout = positive("time to wait for replicas", longest);
        return this;
    }

    /** The time of this process and of the store, for tests. */
    RedisLockBackendBuilder testTime(LockTime both) {
        this.time = both;
        this.testTime = true;
        return this;
    }

    private static Duration positive(String what, Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new LockConfigurationException(
                    "the " + what + " is " + duration.toMillis() + " ms: it must be positive");
        }
        return duration;
    }

    /**
     * Makes the backend. Nothing is sent before the first process joins.
     *
     * @return the backend
     */
    public RedisLockBackend build() {
        return new RedisLockBackend(new Settings(
                client, prefix, buckets, processTimeout, replyTimeout, replicas, replicaTimeout, time, testTime));
    }
}
