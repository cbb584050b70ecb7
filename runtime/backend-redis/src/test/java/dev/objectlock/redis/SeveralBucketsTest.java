package dev.objectlock.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.ClientSession;
import dev.objectlock.Hold;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.Loss;
import dev.objectlock.ObjectLocks;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Trees are spread over two buckets, of which one may be a little behind the other. */
class SeveralBucketsTest {

    private static final int PATIENCE_SECONDS = 20;

    private final String prefix = "several-" + Secrets.next();
    private final RedisLockBackend backend = RedisLockBackend.builder(TestRedis.client())
            .prefix(prefix)
            .buckets(2)
            .processTimeout(Duration.ofSeconds(2))
            .build();
    private final ObjectLocks locks = ObjectLocks.builder().backend(backend).build();
    private final StatefulRedisConnection<String, String> raw =
            TestRedis.client().connect();

    @AfterEach
    void close() {
        locks.close();
        raw.sync().keys(prefix + ":*").forEach(raw.sync()::del);
        raw.close();
    }

    private LockPath inBucket(int number) {
        String root = IntStream.range(0, 100)
                .mapToObj(i -> "cell:" + i)
                .filter(name -> backend.buckets().indexOf(bucketOf(name)) == number)
                .findFirst()
                .orElseThrow();
        return LockPath.of(root);
    }

    private Bucket bucketOf(String root) {
        int hash = root.hashCode();
        return backend.buckets().get(Math.floorMod(hash ^ hash >>> 16, 2));
    }

    @Test
    void whoIsForgottenInOneHearsWhatItLosesInTheOther() throws InterruptedException {
        BlockingQueue<Loss> losses = new LinkedBlockingQueue<>();
        ClientSession screen = locks.sessions().open("alice");
        Hold kept =
                screen.call(() -> locks.acquire(LockRequest.client(inBucket(1)).keep()));
        kept.onLost(losses::add);
        List<String> processes = raw.sync().hkeys(prefix + ":{0}:s").stream()
                .filter(name -> name.startsWith("P\t"))
                .toList();
        raw.sync().hdel(prefix + ":{0}:s", processes.toArray(String[]::new));
        assertThat(losses.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isNotNull()
                .extracting(Loss::reason)
                .isEqualTo(Loss.Reason.PROCESS_DEAD);
        assertThat(kept.isHeld()).isFalse();
        screen.close();
    }

    /** It was on its way for long, and the client has another connection since. */
    @Test
    void aConnectionThatComesLateChangesNothing() {
        locks.acquire(LockRequest.monitor(inBucket(0))).close();
        Bucket bucket = backend.buckets().get(1);
        open(bucket, "6");
        open(bucket, "5");
        assertThat(sessions()).hasSize(1);
        bucket.run("logout", "alice", "screen", "6").join();
        assertThat(sessions()).isEmpty();
    }

    private static void open(Bucket bucket, String number) {
        bucket.run("open", "alice", "screen", "secret", "S", "", number).join();
    }

    private List<String> sessions() {
        return raw.sync().hkeys(prefix + ":{1}:s").stream()
                .filter(name -> name.startsWith("c\t"))
                .toList();
    }
}
