package dev.objectlock.spring.boot.redis;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.redis.RedisLockBackend;
import dev.objectlock.redis.RedisLockBackendBuilder;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.RedisClusterClient;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The client of the locks: made as the application's connection factory makes its own, from the same configuration, and on the
 * same threads where that shares them. The factory shuts its own client down when the context is stopped or paused; but locks
 * go last, after the beans that use them, and those of a paused context stay.
 */
final class LocksClient implements AutoCloseable {

    private final LettuceConnectionFactory twin;

    /**
     * Makes a client. It does not connect yet.
     *
     * @param application says where Redis is; it is neither stopped nor closed with this
     * @throws LockConfigurationException if it has fixed addresses of a primary and its replicas
     */
    LocksClient(LettuceConnectionFactory application) {
        twin = new LettuceConnectionFactory(configuration(application), application.getClientConfiguration());
        twin.start();
    }

    private static RedisConfiguration configuration(LettuceConnectionFactory factory) {
        if (factory.getClusterConfiguration() != null) {
            return factory.getClusterConfiguration();
        }
        if (factory.getSentinelConfiguration() != null) {
            return factory.getSentinelConfiguration();
        }
        if (factory.getSocketConfiguration() != null) {
            return factory.getSocketConfiguration();
        }
        RedisStandaloneConfiguration server = factory.getStandaloneConfiguration();
        if (server.equals(new RedisStandaloneConfiguration()) && !knowsServer(factory)) {
            throw new LockConfigurationException("objectlock.backend is redis, and the connection factory of the"
                    + " application has fixed addresses of a primary and its replicas, which locks cannot use: let"
                    + " sentinels or a Cluster tell the primary, or make a LockBackend bean from a RedisClient of it");
        }
        return server;
    }

    /**
     * A factory with fixed addresses keeps them to itself and shows the defaults of a single server instead, where locks would
     * be shared with nobody. What it is can be seen by its client, which then refuses to connect without an address.
     */
    private static boolean knowsServer(LettuceConnectionFactory factory) {
        factory.start();
        RedisClient client = (RedisClient) factory.getRequiredNativeClient();
        try {
            client.connect().close();
            return true;
        } catch (RedisException unreachable) {
            return true;
        } catch (IllegalStateException noAddress) {
            return false;
        }
    }

    /** Begins the settings of a backend. */
    RedisLockBackendBuilder backend() {
        AbstractRedisClient client = twin.getRequiredNativeClient();
        return client instanceof RedisClusterClient cluster
                ? RedisLockBackend.builder(cluster)
                : RedisLockBackend.builder((RedisClient) client);
    }

    @Override
    public void close() {
        twin.destroy();
    }
}
