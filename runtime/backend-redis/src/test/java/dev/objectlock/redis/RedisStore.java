package dev.objectlock.redis;

import dev.objectlock.backend.LockBackend;
import dev.objectlock.test.TestTime;
import dev.objectlock.testkit.StoreUnderTest;
import io.lettuce.core.api.sync.RedisKeyCommands;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A part of a real server or Cluster, with a time that the tests move. */
final class RedisStore implements StoreUnderTest {

    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final String RUN = "test-" + Secrets.next() + "-";

    private final TestTime time = new TestTime();
    private final String prefix = RUN + NUMBERS.incrementAndGet();
    private final Where where;
    private final RedisLockBackend backend;
    private final LockBackend used;

    /** Where the server or the Cluster is. */
    interface Where {

        RedisLockBackendBuilder builder();

        /** To keys, wherever they are. */
        RedisKeyCommands<String, String> keys();

        /** The shared server. */
        Where SERVER = new Where() {
            private final RedisKeyCommands<String, String> keys =
                    TestRedis.client().connect().sync();

            @Override
            public RedisLockBackendBuilder builder() {
                return RedisLockBackend.builder(TestRedis.client());
            }

            @Override
            public RedisKeyCommands<String, String> keys() {
                return keys;
            }
        };
    }

    private RedisStore(Where where, boolean asItIs) {
        this.where = where;
        RedisLockBackendBuilder builder = where.builder().prefix(prefix);
        this.backend = (asItIs ? builder : builder.testTime(time)).build();
        this.used = asItIs ? backend : new SettledBackend(backend);
    }

    /** With a time that only {@link #pass} moves, and answers that come when all has been told that follows. */
    static RedisStore settled(Where where) {
        return new RedisStore(where, false);
    }

    /** With the time of the server and of this process, which nobody moves, and without waiting for what is told. */
    static RedisStore asItIs(Where where) {
        return new RedisStore(where, true);
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
        deleteAll();
        backend.settle();
    }

    private void deleteAll() {
        String[] left = where.keys().keys(prefix + ":*").toArray(String[]::new);
        if (left.length > 0) {
            where.keys().del(left);
        }
    }

    @Override
    public void close() {
        backend.close();
        deleteAll();
    }

    @Override
    public String toString() {
        return backend.toString();
    }
}
