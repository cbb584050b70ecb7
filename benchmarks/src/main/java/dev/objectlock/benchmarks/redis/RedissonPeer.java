package dev.objectlock.benchmarks.redis;

import io.lettuce.core.RedisURI;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.redisson.Redisson;
import org.redisson.api.RFencedLock;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** Redisson's locks, kept alive by its watchdog. */
final class RedissonPeer implements Peer {

    private final RedissonClient client;
    private final BiFunction<RedissonClient, String, Mutex> mutexes;

    private RedissonPeer(RedisURI uri, BiFunction<RedissonClient, String, Mutex> mutexes) {
        Config config = new Config();
        config.useSingleServer().setAddress("redis://" + uri.getHost() + ":" + uri.getPort());
        this.client = Redisson.create(config);
        this.mutexes = mutexes;
    }

    static Peer plain(RedisURI uri) {
        return new RedissonPeer(uri, (client, key) -> new Plain(client.getLock(key)));
    }

    static Peer fenced(RedisURI uri) {
        return new RedissonPeer(uri, (client, key) -> new Fenced(client.getFencedLock(key)));
    }

    @Override
    public Mutex mutex(int object) {
        return mutexes.apply(client, Peer.key(object));
    }

    @Override
    public void close() {
        client.shutdown(0, 2, TimeUnit.SECONDS);
    }

    private record Plain(RLock lock) implements Mutex {

        @Override
        public void acquire() {
            lock.lock();
        }

        @Override
        public void release() {
            lock.unlock();
        }

        @Override
        public void requireHeld() {
            if (!lock.isHeldByCurrentThread()) {
                throw new IllegalStateException(lock.getName() + " is not held any more");
            }
        }
    }

    private record Fenced(RFencedLock lock) implements Mutex {

        @Override
        public void acquire() {
            if (lock.lockAndGetToken() <= 0) {
                throw new IllegalStateException(lock.getName() + " came without a token");
            }
        }

        @Override
        public void release() {
            lock.unlock();
        }
    }
}
