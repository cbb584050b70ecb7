package dev.objectlock.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.Hold;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A user with exactly the rights that docs/redis.md names. */
@Tag("own-server")
class AccessTest {

    private static final LockPath ARM = LockPath.of("cell:7", "arm");
    private static final String PASSWORD = "secret";

    @Test
    void theRightsOfThePageAreEnough() throws IOException {
        try (OwnRedis redis = OwnRedis.start()) {
            allow(redis, rights());
            RedisURI uri = RedisURI.create("redis://locker:" + PASSWORD + "@127.0.0.1:" + redis.port());
            try (RedisClient client = RedisClient.create(uri);
                    ObjectLocks locks = ObjectLocks.builder()
                            .backend(RedisLockBackend.create(client))
                            .build()) {
                Hold first = locks.acquire(LockRequest.monitor(ARM));
                var next = locks.callAs(LockOwner.user("alice"), () -> locks.async()
                        .acquire(LockRequest.monitor(ARM).waitFor(Duration.ofMinutes(1))));
                Until.so("a waiter", () -> locks.status(ARM).waiters().size() == 1);
                first.close();
                next.orTimeout(20, TimeUnit.SECONDS).join().close();
                locks.callAs(
                                LockOwner.user("alice"),
                                () -> locks.acquire(LockRequest.user(ARM).keep()))
                        .close();
                assertThat(locks.roots()).isEmpty();
            }
        }
    }

    private static String rights() throws IOException {
        Matcher block = Pattern.compile("```\n(\\+eval.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../../docs/redis.md")));
        assertThat(block.find()).isTrue();
        return block.group(1).strip();
    }

    private static void allow(OwnRedis redis, String rights) {
        try (RedisClient admin = RedisClient.create(redis.uri());
                var connection = admin.connect()) {
            CommandArgs<String, String> args = new CommandArgs<>(StringCodec.UTF8)
                    .add("SETUSER")
                    .add("locker")
                    .add("on")
                    .add(">" + PASSWORD);
            for (String right : rights.split("\\s+")) {
                args.add(right);
            }
            assertThat(connection.sync().dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), args))
                    .isEqualTo("OK");
        }
    }
}
