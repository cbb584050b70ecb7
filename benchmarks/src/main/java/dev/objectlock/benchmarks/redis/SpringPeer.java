package dev.objectlock.benchmarks.redis;

import io.lettuce.core.RedisURI;
import java.util.concurrent.locks.Lock;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.integration.redis.util.RedisLockRegistry;
import org.springframework.integration.redis.util.RedisLockRegistry.RedisLockType;

/** Spring Integration's registry, in either of its modes. */
final class SpringPeer implements Peer {

    private final LettuceConnectionFactory connections;
    private final RedisLockRegistry registry;

    private SpringPeer(RedisURI uri, RedisLockType type) {
        connections = connect(uri);
        registry = new RedisLockRegistry(connections, "bench");
        registry.setRedisLockType(type);
    }

    static Peer spin(RedisURI uri) {
        return new SpringPeer(uri, RedisLockType.SPIN_LOCK);
    }

    static Peer pubSub(RedisURI uri) {
        return new SpringPeer(uri, RedisLockType.PUB_SUB_LOCK);
    }

    static LettuceConnectionFactory connect(RedisURI uri) {
        LettuceConnectionFactory factory = new LettuceConnectionFactory(uri.getHost(), uri.getPort());
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }

    @Override
    public Mutex mutex(int object) {
        return new Registered(registry.obtain(Peer.key(object)));
    }

    @Override
    public void close() {
        registry.destroy();
        connections.destroy();
    }

    private record Registered(Lock lock) implements Mutex {

        @Override
        public void acquire() {
            lock.lock();
        }

        @Override
        public void release() {
            lock.unlock();
        }
    }
}
