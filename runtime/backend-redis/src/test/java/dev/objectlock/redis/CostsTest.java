package dev.objectlock.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.Hold;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.backend.JoinedProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How many scripts a server is asked to run: as the table of docs/redis.md says. */
@Tag("own-server")
class CostsTest {

    private static final Pattern RUNS = Pattern.compile("cmdstat_eval(?:sha)?:calls=(\\d+)");
    private static final LockPath ARM = LockPath.of("cell:7", "arm");
    private static final LockPath DRAFT = LockPath.of("draft:1");
    private static final LockOwner ALICE = LockOwner.user("alice");

    private final OwnRedis redis = OwnRedis.start();
    private final RedisClient client = RedisClient.create(redis.uri());
    private final StatefulRedisConnection<String, String> connection = client.connect();

    /** Nobody gives a sign of life by himself meanwhile. */
    private final RedisLockBackend backend =
            RedisLockBackend.builder(client).processTimeout(Duration.ofHours(1)).build();

    private final ObjectLocks locks = ObjectLocks.builder().backend(backend).build();
    private final Map<String, String> documented = RedisPage.table("what", "scripts");
    private final Map<String, String> measured = new LinkedHashMap<>();

    @AfterEach
    void close() {
        locks.close();
        backend.close();
        client.close();
        redis.close();
    }

    @Test
    void isAsDocumented() {
        locks.run(LockRequest.monitor(ARM), () -> {}); // the server learns the script
        measure("a call with a lock, taken and given back", () -> locks.run(LockRequest.monitor(ARM), () -> {}));
        locks.run(
                LockRequest.monitor(ARM),
                () -> measure(
                        "the same inside a call of the flow that has it",
                        () -> locks.run(LockRequest.monitor(ARM), () -> {})));
        measure("a call with locks under two roots", () -> locks.run(LockRequest.monitor(ARM, DRAFT), () -> {}));
        kept();
        measure("two calls, of which one waits for the other", this::handOver);
        measure("to open a session, for each bucket", () -> locks.sessions().open("carol"));
        JoinedProcess process = backend.join(new Deaf()).toCompletableFuture().join();
        measure(
                "a sign of life of a process, for each bucket",
                () -> process.beat().toCompletableFuture().join());
        assertThat(measured).containsExactlyEntriesOf(documented);
    }

    private void kept() {
        locks.runAs(ALICE, () -> {
            Hold[] kept = new Hold[1];
            measure(
                    "to take a lock to keep",
                    () -> kept[0] = locks.acquire(LockRequest.user(DRAFT).keep()));
            Hold other = locks.acquire(LockRequest.user(ARM).keep());
            measure("to release it", () -> kept[0].release());
            measure("a `@Guarded` check", () -> locks.requireHeld(ARM));
            other.release();
            Hold leased = locks.acquire(LockRequest.user(ARM).keep().lease(Duration.ofMinutes(1)));
            measure(
                    "a `@Guarded` call under a kept lock with a lease: its use begins and ends",
                    () -> locks.requireHeld(ARM));
            leased.release();
        });
    }

    private void handOver() {
        long before = scripts();
        Hold first = locks.acquire(LockRequest.monitor(ARM));
        CompletableFuture<Void> next = CompletableFuture.runAsync(
                () -> locks.run(LockRequest.monitor(ARM).waitFor(Duration.ofHours(1)), () -> {}));
        Until.so("a waiter", () -> scripts() == before + 2);
        first.close();
        next.join();
    }

    /** The end of a use is not waited for. */
    private void measure(String what, Runnable action) {
        long before = scripts();
        action.run();
        String expected = documented.getOrDefault(what, "0");
        Until.so("the end of " + what, () -> scripts() - before >= Long.parseLong(expected));
        measured.put(what, Long.toString(scripts() - before));
    }

    private long scripts() {
        return RUNS.matcher(connection.sync().info("commandstats"))
                .results()
                .mapToLong((MatchResult found) -> Long.parseLong(found.group(1)))
                .sum();
    }
}
