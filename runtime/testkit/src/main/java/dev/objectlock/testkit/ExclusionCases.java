package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.Hold;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockInterruptedException;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many threads at once; the resource itself sees who is inside together with whom. */
public abstract class ExclusionCases extends BackendCases {

    private static final int THREADS = 8;
    private static final int ROUNDS = 1_500;
    private static final List<LockPath> PATHS =
            List.of(path("r"), path("r/a"), path("r/a/x"), path("r/a/y"), path("r/b"), path("r/b/x"));

    /** For the subclasses. */
    protected ExclusionCases() {}

    /** One who is inside. */
    private record Inside(String user, long thread, LockPath path, LockMode mode, LockScope scope, LockAccess access) {

        /** Whether two who are inside at once break a promise, said without the library's own rule. */
        boolean breaks(Inside other) {
            boolean overlap = path.equals(other.path)
                    || scope == LockScope.TREE && other.path.toString().startsWith(path + "/")
                    || other.scope == LockScope.TREE && path.toString().startsWith(other.path + "/");
            if (!overlap
                    || thread == other.thread
                    || access == LockAccess.SHARED && other.access == LockAccess.SHARED) {
                return false;
            }
            boolean ownership = mode != LockMode.MONITOR || other.mode != LockMode.MONITOR;
            boolean monitorHere =
                    path.equals(other.path) && (mode == LockMode.MONITOR || other.mode == LockMode.MONITOR);
            return ownership && !user.equals(other.user) || monitorHere;
        }
    }

    @Test
    void nobodyIsInsideTogetherWhoMustNotBe() {
        ConcurrentHashMap<Inside, Boolean> inside = new ConcurrentHashMap<>();
        Queue<String> broken = new ConcurrentLinkedQueue<>();
        AtomicInteger granted = new AtomicInteger();
        List<Running<Boolean>> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            String user = "u" + t % 3;
            Random random = new Random(t);
            threads.add(start(user + "/c" + t, () -> {
                for (int round = 0; round < ROUNDS; round++) {
                    work(user, random, inside, broken, granted);
                }
                return true;
            }));
        }
        threads.forEach(thread -> assertThat(thread.result()).isTrue());
        assertThat(broken).isEmpty();
        assertThat(granted.get()).isGreaterThan(ROUNDS);
        assertThat(locks.roots()).isEmpty();
    }

    private void work(
            String user,
            Random random,
            ConcurrentHashMap<Inside, Boolean> inside,
            Queue<String> broken,
            AtomicInteger granted) {
        LockMode mode = random.nextBoolean() ? LockMode.MONITOR : LockMode.USER;
        LockPath path = PATHS.get(random.nextInt(PATHS.size()));
        LockRequest request = LockRequest.of(mode, path);
        request = random.nextInt(3) == 0 ? request.shared() : request;
        request = mode == LockMode.USER && random.nextBoolean() ? request.objectOnly() : request;
        // A kept USER lock is one for all threads of the user: the first that closes it ends it for all.
        request = mode == LockMode.MONITOR && random.nextInt(3) == 0 ? request.keep() : request;
        request = switch (random.nextInt(3)) {
            case 0 -> request.waitFor(Duration.ZERO);
            case 1 -> request.waitFor(Duration.ofHours(1));
            default -> request;
        };
        if (random.nextInt(50) == 0) {
            Thread.currentThread().interrupt();
        }
        try (Hold hold = locks.acquire(request)) {
            granted.incrementAndGet();
            Inside me = new Inside(user, Thread.currentThread().getId(), path, mode, request.scope(), request.access());
            for (Inside other : inside.keySet()) {
                check(me, other, broken);
            }
            inside.put(me, true);
            for (Inside other : inside.keySet()) {
                check(me, other, broken);
            }
            inside.remove(me);
            hold.isHeld();
        } catch (LockBusyException | LockInterruptedException notGranted) {
            Thread.interrupted();
        }
        Thread.interrupted();
    }

    private static void check(Inside me, Inside other, Queue<String> broken) {
        if (me.breaks(other)) {
            broken.add(me + " together with " + other);
        }
    }

    @Test
    void aPlainCounterUnderAMonitorLosesNothing() {
        int[] counter = {0};
        List<Running<Boolean>> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            threads.add(start("u" + t, () -> {
                for (int round = 0; round < ROUNDS; round++) {
                    locks.run(LockRequest.monitor(path("r/counter")).waitFor(Duration.ofHours(1)), () -> counter[0]++);
                }
                return true;
            }));
        }
        threads.forEach(thread -> assertThat(thread.result()).isTrue());
        assertThat(counter[0]).isEqualTo(THREADS * ROUNDS);
    }

    @Test
    void fencesGrowForOneRootWhateverBecomesFree() {
        List<Running<List<Long>>> threads = new ArrayList<>();
        long[] last = {0};
        for (int t = 0; t < 4; t++) {
            threads.add(start("u" + t, () -> {
                List<Long> wrong = new ArrayList<>();
                for (int round = 0; round < ROUNDS; round++) {
                    locks.run(LockRequest.monitor(path("r")).waitFor(Duration.ofHours(1)), () -> {
                        long fence = Hold.current().fence();
                        if (fence <= last[0]) {
                            wrong.add(fence);
                        }
                        last[0] = fence;
                    });
                }
                return wrong;
            }));
        }
        threads.forEach(thread -> assertThat(thread.result()).isEmpty());
    }
}
