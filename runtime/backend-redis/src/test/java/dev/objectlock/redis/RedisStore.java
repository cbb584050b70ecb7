package dev.objectlock.redis;

import dev.objectlock.backend.LockBackend;
import dev.objectlock.test.TestTime;
import dev.objectlock.testkit.StoreUnderTest;
import io.lettuce.core.KillArgs;
import io.lettuce.core.api.sync.RedisHashCommands;
import io.lettuce.core.api.sync.RedisKeyCommands;
import io.lettuce.core.api.sync.RedisSortedSetCommands;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A part of a real server or Cluster, with a time that the tests move. */
final class RedisStore implements StoreUnderTest {

    /** What a bucket remembers of itself. */
    private static final Set<String> ALWAYS = Set.of("epoch", "buckets", "fence", "lastEvent");

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
        RedisClusterCommands<String, String> commands();

        default RedisKeyCommands<String, String> keys() {
            return commands();
        }

        default RedisHashCommands<String, String> hashes() {
            return commands();
        }

        default RedisSortedSetCommands<String, String> sets() {
            return commands();
        }

        /** Whether it can be made to look like a server that has restarted with its data. */
        default boolean canRestart() {
            return false;
        }

        /** The shared server. */
        Where SERVER = new Where() {
            private final RedisClusterCommands<String, String> commands =
                    TestRedis.client().connect().sync();

            @Override
            public RedisLockBackendBuilder builder() {
                return RedisLockBackend.builder(TestRedis.client());
            }

            @Override
            public boolean canRestart() {
                return true;
            }

            @Override
            public RedisClusterCommands<String, String> commands() {
                return commands;
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

    /** The first bucket, as the first process sees it. */
    Bucket bucket() {
        return backend.buckets().get(0);
    }

    private Optional<Instant> nextDeadline() {
        return backend.buckets().stream()
                .map(bucket -> bucket.run("nextDeadline").join().text(0))
                .filter(micros -> !micros.isEmpty())
                .map(micros -> Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS))
                .map(moment -> moment.isBefore(time.now()) ? time.now() : moment)
                .min(Instant::compareTo);
    }

    @Override
    public Set<Capability> capabilities() {
        Set<Capability> all = EnumSet.allOf(Capability.class);
        if (!where.canRestart()) {
            all.remove(Capability.RESTARTS);
        }
        return all;
    }

    @Override
    public void jump(Duration by) {
        time.jump(by);
    }

    /** All that a restart with the data is to its clients: connections break, and the scripts are forgotten. */
    @Override
    public void restart() {
        RedisClusterCommands<String, String> server = where.commands();
        server.scriptFlush();
        server.clientKill(KillArgs.Builder.typePubsub());
        server.clientKill(KillArgs.Builder.typeNormal().skipme());
        backend.settle();
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

    /** When the last process has left, nothing is left in the store but what every store has, and marks that time removes. */
    @Override
    public void close() {
        backend.close();
        List<String> left =
                where.keys().keys(prefix + ":*").stream().flatMap(this::leftIn).toList();
        deleteAll();
        if (!left.isEmpty()) {
            throw new AssertionError("left behind in the store: " + left);
        }
    }

    /** Clients that may come back, and marks of what was given up. */
    private static boolean isToStay(String name) {
        return List.of("K\t", "c\t", "N\t", "D\t", "e\t").contains(name.substring(0, 2));
    }

    private Stream<String> leftIn(String key) {
        if (key.endsWith(":s")) {
            return where.hashes().hkeys(key).stream().filter(name -> !ALWAYS.contains(name) && !isToStay(name));
        }
        return key.endsWith(":i")
                ? where.sets().zrange(key, 0, -1).stream().filter(name -> !isToStay(name))
                : Stream.empty();
    }

    @Override
    public String toString() {
        return backend.toString();
    }
}
