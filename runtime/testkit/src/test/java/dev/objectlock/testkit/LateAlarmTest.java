package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.LockTime;
import dev.objectlock.LockTimeoutException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.memory.MemoryLockBackend;
import dev.objectlock.test.TestTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Time that passes just before an alarm is set: the machine stood still there, or a test saw the waiter and moved the time. */
class LateAlarmTest {

    private static final LockPath ARM = LockPath.of("cell:7", "arm");

    private final TestTime time = new TestTime();

    /** What passes before the next alarm is set. */
    private @Nullable Duration meanwhile;

    private final LockTime standing = new LockTime() {
        @Override
        public Instant now() {
            return time.now();
        }

        @Override
        public long nanoTime() {
            return time.nanoTime();
        }

        @Override
        public Alarm schedule(Duration delay, Runnable work) {
            Duration passes = meanwhile;
            if (passes != null) {
                meanwhile = null;
                time.advance(passes);
            }
            return time.schedule(delay, work);
        }
    };

    @Test
    void aWaitEndsInTimeAllTheSame() {
        try (ObjectLocks locks = ObjectLocks.builder()
                .backend(MemoryLockBackend.create(standing))
                .build()) {
            Hold held = locks.callAs(LockOwner.user("alice"), () -> locks.acquire(LockRequest.monitor(ARM)));
            meanwhile = Duration.ofMillis(1_999);
            CompletableFuture<Hold> waits = locks.callAs(LockOwner.user("bob"), () -> locks.async()
                    .acquire(LockRequest.monitor(ARM).waitFor(Duration.ofSeconds(2))));
            time.advance(Duration.ofMillis(1));
            assertThatThrownBy(() -> waits.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(LockTimeoutException.class);
            held.close();
        }
    }
}
