package dev.objectlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The user of whom docs/redis.md says that it is enough, and no more than that. */
@Tag("own-server")
class AccessTest {

    private static final String RULES = RedisPage.lines("ACL SETUSER ").get(0);
    private static final Pattern COMMAND = Pattern.compile("(?:redis\\.p?call|bucket\\.command)\\('([A-Z]+)'");
    private static final Set<String> OF_THE_CLIENT = Set.of("eval", "evalsha", "subscribe", "unsubscribe");
    private static final LockPath ARM = LockPath.of("cell:7", "arm");
    private static final LockPath LICENCE = LockPath.of("licence");
    private static final LockOwner ALICE = LockOwner.user("alice");

    private final OwnRedis redis = OwnRedis.start();
    private final RedisClient admin = RedisClient.create(redis.uri());
    private final StatefulRedisConnection<String, String> connection = admin.connect();

    AccessTest() {
        CommandArgs<String, String> rules = new CommandArgs<>(StringCodec.UTF8).add("SETUSER");
        Stream.of(RULES.split(" ")).forEach(rules::add);
        connection.sync().dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), rules);
    }

    @AfterEach
    void close() {
        admin.close();
        redis.close();
    }

    @Test
    void hasTheCommandsThatTheScriptUses() {
        Set<String> used = COMMAND.matcher(BucketScript.TEXT)
                .results()
                .map((MatchResult found) -> found.group(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
        used.addAll(OF_THE_CLIENT);
        assertThat(Stream.of(RULES.split(" "))
                        .filter(word -> word.startsWith("+"))
                        .map(word -> word.substring(1)))
                .containsExactlyInAnyOrderElementsOf(used);
    }

    @Test
    void isEnoughToLockWaitAndHandOver() {
        try (RedisClient client = client()) {
            RedisLockBackend backend = RedisLockBackend.create(client);
            try (ObjectLocks one = ObjectLocks.builder().backend(backend).build();
                    ObjectLocks other = ObjectLocks.builder().backend(backend).build()) {
                handOver(one, other);
                keep(one);
            }
            backend.close();
        }
        assertThat(refused()).isEmpty();
    }

    /** Soon, and so by a message: without one, a waiter looks after a third of the process timeout, which is 30 s. */
    private static void handOver(ObjectLocks one, ObjectLocks other) {
        Hold first = one.acquire(LockRequest.monitor(ARM));
        var next = other.async().acquire(LockRequest.monitor(ARM).waitFor(Duration.ofHours(1)));
        Until.so("a waiter", () -> one.status(ARM).waiters().size() == 1);
        first.close();
        Until.so("a hand-over", Duration.ofSeconds(5), next::isDone);
        next.join().close();
    }

    private static void keep(ObjectLocks locks) {
        locks.runAs(ALICE, () -> {
            Hold kept = locks.acquire(LockRequest.user(ARM).keep().lease(Duration.ofMinutes(1)));
            locks.requireHeld(ARM);
            locks.run(LockRequest.monitor(LICENCE).slots(2), () -> {});
            assertThat(locks.list(ARM)).hasSize(1);
            kept.release();
            assertThat(locks.roots()).isEmpty();
        });
    }

    /** What the server has denied, but for the name that the client would like to tell. */
    private List<Object> refused() {
        List<Map<String, Object>> log = connection.sync().aclLog();
        return log.stream()
                .map(entry -> entry.get("object"))
                .filter(object -> !object.toString().startsWith("client"))
                .toList();
    }

    @Test
    void isNotEnoughForOtherKeysAndCommands() {
        try (RedisClient client = client();
                StatefulRedisConnection<String, String> its = client.connect()) {
            RedisCommands<String, String> commands = its.sync();
            assertThatThrownBy(() -> commands.hset("orders", "1", "paid"))
                    .isInstanceOf(RedisCommandExecutionException.class)
                    .hasMessageContaining("NOPERM");
            assertThatThrownBy(commands::flushall).hasMessageContaining("NOPERM");
            assertThatThrownBy(() -> commands.publish("orders", "paid")).hasMessageContaining("NOPERM");
        }
    }

    @Test
    void withoutItsChannelsTheBackendSaysWhatItLacks() {
        connection
                .sync()
                .dispatch(
                        CommandType.ACL,
                        new StatusOutput<>(StringCodec.UTF8),
                        new CommandArgs<>(StringCodec.UTF8)
                                .add("SETUSER")
                                .add("objectlock")
                                .add("resetchannels"));
        try (RedisClient client = client();
                RedisLockBackend backend = RedisLockBackend.create(client)) {
            assertThatThrownBy(() -> ObjectLocks.builder().backend(backend).build())
                    .isInstanceOf(LockBackendException.class)
                    .hasMessageContaining("joining the store")
                    .hasMessageContaining("NOPERM")
                    .hasMessageContaining("channel");
        }
    }

    private RedisClient client() {
        RedisURI uri = redis.uri();
        String password = RULES.replaceAll(".* >(\\S+) .*", "$1");
        uri.setCredentialsProvider(new io.lettuce.core.StaticCredentialsProvider(
                RULES.substring(0, RULES.indexOf(' ')), password.toCharArray()));
        return RedisClient.create(uri);
    }
}
