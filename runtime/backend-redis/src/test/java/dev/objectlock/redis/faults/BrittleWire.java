package dev.objectlock.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.LockPath;
import dev.objectlock.ObjectLocks;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.redis.OwnRedis;
import dev.objectlock.redis.RedisLockBackend;
import dev.objectlock.redis.Until;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** One engine behind a wire that can break, and one that sees the store as it is. Nothing may be left after a test. */
@Tag("own-server")
abstract class BrittleWire {

    static final LockPath PATH = LockPath.of("cell:7", "arm");
    private static final Duration QUIET = Duration.ofMillis(100);

    private OwnRedis redis;
    private RedisClient brittle;
    private RedisClient firm;

    /** To the store of {@link #locks}. */
    TcpProxy wire;

    /** Behind the wire. */
    ObjectLocks locks;

    /** Of somebody else. */
    ObjectLocks others;

    @BeforeEach
    void open() {
        redis = OwnRedis.start();
        wire = new TcpProxy(redis.port());
        brittle = RedisClient.create(RedisURI.create("127.0.0.1", wire.port()));
        firm = RedisClient.create(redis.uri());
        locks = engine(brittle);
        others = engine(firm);
    }

    private static ObjectLocks engine(RedisClient client) {
        LockBackend backend = RedisLockBackend.builder(client)
                .replyTimeout(Duration.ofSeconds(2))
                .build();
        return ObjectLocks.builder().backend(backend).build();
    }

    @AfterEach
    void close() {
        try {
            Until.so("nothing to be held", () -> others.roots().isEmpty());
            assertThat(others.list(PATH)).isEmpty();
        } finally {
            locks.close();
            others.close();
            brittle.shutdown();
            firm.shutdown();
            wire.close();
            redis.close();
        }
    }

    /** Nothing is under way any more. */
    final void quiet() {
        Until.so("nothing to be under way", () -> System.nanoTime() - wire.repliedAt() > QUIET.toNanos());
    }

    static <T> T result(CompletableFuture<T> of) throws Exception {
        try {
            return of.get(Until.LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception known ? known : failed;
        } catch (TimeoutException never) {
            throw new AssertionError("it never comes back", never);
        }
    }

    static Throwable failure(CompletableFuture<?> of) throws Exception {
        try {
            return new AssertionError("no failure, but " + of.get(Until.LONG.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException failed) {
            return failed.getCause();
        } catch (TimeoutException never) {
            throw new AssertionError("it never comes back", never);
        }
    }

    static <T> CompletableFuture<T> inThread(Callable<T> body) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(body.call());
            } catch (Throwable failed) {
                result.completeExceptionally(failed);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }
}
