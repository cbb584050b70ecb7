package dev.objectlock.benchmarks.redis;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.provider.redis.spring.RedisLockProvider;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** ShedLock, as its annotation uses it, and so that it releases nobody else's lock, which is not its default. */
final class ShedLockPeer implements Peer {

    private static final Duration AT_MOST = Duration.ofSeconds(30);

    private final LettuceConnectionFactory connections;
    private final LockProvider provider;

    ShedLockPeer(RedisURI uri) {
        connections = SpringPeer.connect(uri);
        provider = new RedisLockProvider.Builder(connections).safeUpdate(true).build();
    }

    @Override
    public Mutex mutex(int object) {
        return new Named(provider, Peer.key(object));
    }

    @Override
    public void close() {
        connections.destroy();
    }

    private static final class Named implements Polled {

        private final LockProvider provider;
        private final String name;
        private @Nullable SimpleLock held;

        Named(LockProvider provider, String name) {
            this.provider = provider;
            this.name = name;
        }

        @Override
        public boolean tryAcquire() {
            Optional<SimpleLock> taken =
                    provider.lock(new LockConfiguration(Instant.now(), name, AT_MOST, Duration.ZERO));
            held = taken.orElse(null);
            return taken.isPresent();
        }

        @Override
        public void release() {
            if (held == null) {
                throw new IllegalStateException(name + " was not held");
            }
            held.unlock();
            held = null;
        }
    }
}
