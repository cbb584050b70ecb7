package dev.objectlock.spring.boot.redis;

import dev.objectlock.redis.RedisLockBackendBuilder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The properties {@code objectlock.redis.*}: the settings of {@link RedisLockBackendBuilder}, which has a default for each that
 * is not set. All applications that share locks need the same.
 */
@ConfigurationProperties("objectlock.redis")
public class ObjectLocksRedisProperties {

    /** What the names of all keys and channels begin with. Applications with different prefixes share no locks. */
    private @Nullable String prefix;

    /** Over how many buckets the locks are spread. By default, 1 on a server and 64 in a Cluster. */
    private @Nullable Integer buckets;

    /** After how long a silence Redis takes a process for dead, so that its locks are free for others. */
    private @Nullable Duration processTimeout;

    /** How long a reply of the server may take before the outcome is unknown. */
    private @Nullable Duration replyTimeout;

    /** How many replicas must have a lock before it is granted. */
    private int replicas;

    /** How long it may take until the replicas have a lock. */
    private Duration replicaTimeout = Duration.ofSeconds(1);

    /** Creates properties of which none is set. */
    public ObjectLocksRedisProperties() {}

    public @Nullable String getPrefix() {
        return prefix;
    }

    public void setPrefix(@Nullable String prefix) {
        this.prefix = prefix;
    }

    public @Nullable Integer getBuckets() {
        return buckets;
    }

    public void setBuckets(@Nullable Integer buckets) {
        this.buckets = buckets;
    }

    public @Nullable Duration getProcessTimeout() {
        return processTimeout;
    }

    public void setProcessTimeout(@Nullable Duration processTimeout) {
        this.processTimeout = processTimeout;
    }

    public @Nullable Duration getReplyTimeout() {
        return replyTimeout;
    }

    public void setReplyTimeout(@Nullable Duration replyTimeout) {
        this.replyTimeout = replyTimeout;
    }

    public int getReplicas() {
        return replicas;
    }

    public void setReplicas(int replicas) {
        this.replicas = replicas;
    }

    public Duration getReplicaTimeout() {
        return replicaTimeout;
    }

    public void setReplicaTimeout(Duration replicaTimeout) {
        this.replicaTimeout = replicaTimeout;
    }

    /** Sets what was set. */
    void applyTo(RedisLockBackendBuilder builder) {
        if (prefix != null) {
            builder.prefix(prefix);
        }
        if (buckets != null) {
            builder.buckets(buckets);
        }
        if (processTimeout != null) {
            builder.processTimeout(processTimeout);
        }
        if (replyTimeout != null) {
            builder.replyTimeout(replyTimeout);
        }
        builder.waitForReplicas(replicas, replicaTimeout);
    }
}
