package dev.objectlock.redis;

import dev.objectlock.backend.LockBackend;
import dev.objectlock.test.TestTime;
import dev.objectlock.testkit.StoreUnderTest;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** A part of a real server, with a time that the tests move. */
final class RedisStore implements StoreUnderTest {

    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final String RUN = "test-" + Secrets.next() + "-";
    private static final StatefulRedisConnection<String, String> CONNECTION =
            TestRedis.client().connect();

    private final TestTime time = new TestTime();
    private final String prefix = RUN + NUMBERS.incrementAndGet();
    private final RedisLockBackend backend;
    private final LockBackend used;

    RedisStore() {
        backend = RedisLockBackend.builder(TestRedis.client())
                .prefix(prefix)
                .testTime(time)
                .build();
        used = new SettledBackend(backend);
    }

    private RedisStore(UnaryOperator<RedisLockBackendBuilder> settings) {
        backend = settings.apply(RedisLockBackend.builder(TestRedis.client()).prefix(prefix))
                .build();
        used = backend;
    }

    /** With the time of the server and of this process, which nobody moves, and without waiting for what is told. */
    static RedisStore asItIs() {
        return new RedisStore(settings -> settings);
    }

    @Override
    public LockBackend backend() {
        return used;
    }

    /** What is over by itself is over at its moment, and not when somebody looks next. */
    @Override
    public void pass(Duration duration) {
        Instant end = time.now().plus(duration);
        for (Optional<Instant> next = nextDeadline(); next.isPresent(); next = nextDeadline()) {
            if (next.get().isAfter(end)) {
                break;
            }
            boolean now = next.get().equals(time.now());
            time.advance(Duration.between(time.now(), next.get()));
            backend.settle();
            if (now && nextDeadline().filter(next.get()::equals).isPresent()) {
                throw new AssertionError("what is over is not cleared away");
            }
        }
        time.advance(Duration.between(time.now(), end));
        backend.settle();
    }

    private Optional<Instant> nextDeadline() {
        return backend.buckets().stream()
                .map(bucket -> bucket.run("nextDeadline").join().text(0))
                .filter(micros -> !micros.isEmpty())
                .map(micros -> Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS))
                .map(moment -> moment.isBefore(time.now()) ? time.now() : moment)
                .min(Instant::compareTo);
    }

    /** Processes notice it with what they ask next, and a third of the process timeout later in any case. */
    @Override
    public void forgetAll() {
        CONNECTION.sync().del(keys());
        backend.settle();
    }

    private String[] keys() {
        return CONNECTION.sync().keys(prefix + ":*").toArray(String[]::new);
    }

    @Override
    public void close() {
        backend.close();
        String[] left = keys();
        if (left.length > 0) {
            CONNECTION.sync().del(left);
        }
    }

    @Override
    public String toString() {
        return "Redis at " + TestRedis.uri();
    }
}
