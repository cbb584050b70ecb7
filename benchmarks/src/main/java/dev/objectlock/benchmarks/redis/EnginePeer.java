package dev.objectlock.benchmarks.redis;

import dev.objectlock.Hold;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Released;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.redis.RedisLockBackend;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** This framework, asked in code; one mode. */
final class EnginePeer implements Peer {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final LockMode mode;
    private final RedisClient client;
    private final RedisLockBackend backend;
    private final ObjectLocks locks;

    private EnginePeer(RedisURI uri, LockMode mode) {
        this.mode = mode;
        this.client = RedisClient.create(uri);
        this.backend = RedisLockBackend.create(client);
        this.locks = ObjectLocks.builder().backend(backend).build();
    }

    static Peer monitor(RedisURI uri) {
        return new EnginePeer(uri, LockMode.MONITOR);
    }

    static Peer user(RedisURI uri) {
        return new EnginePeer(uri, LockMode.USER);
    }

    @Override
    public void run(String worker, Work work) throws Exception {
        if (mode == LockMode.USER) {
            locks.runAs(LockOwner.user(worker), work::run);
        } else {
            work.run();
        }
    }

    @Override
    public Mutex mutex(int object) {
        return new Scoped(
                locks,
                LockRequest.of(mode, LockPath.of("bench:" + object, "robot")).waitFor(LONG));
    }

    @Override
    public void close() {
        locks.close();
        backend.close();
        client.shutdown();
    }

    private static final class Scoped implements Mutex {

        private final ObjectLocks locks;
        private final LockRequest request;
        private @Nullable Hold hold;

        Scoped(ObjectLocks locks, LockRequest request) {
            this.locks = locks;
            this.request = request;
        }

        @Override
        public void acquire() {
            hold = locks.acquire(request);
        }

        @Override
        public void release() {
            Released released = held().release();
            if (released != Released.RELEASED) {
                throw new IllegalStateException("the " + request + " was " + released);
            }
            hold = null;
        }

        @Override
        public void requireHeld() {
            held().ensure(Duration.ofMillis(1));
        }

        private Hold held() {
            if (hold == null) {
                throw new IllegalStateException(request + " was not held");
            }
            return hold;
        }
    }
}
