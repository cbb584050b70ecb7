package dev.objectlock.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.ClientSession;
import dev.objectlock.Hold;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockDeadlockException;
import dev.objectlock.LockEvent;
import dev.objectlock.LockLostException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.LockSnapshot;
import dev.objectlock.LockTime;
import dev.objectlock.LockWatcher;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OwnerContext;
import dev.objectlock.Privilege;
import dev.objectlock.Renewal;
import dev.objectlock.SessionPolicy;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/**
 * Very many random operations of several threads on one engine leave nothing behind: no hold, no entry in any table, no
 * memory. {@code -Dobjectlock.soak} says how many.
 */
class SoakTest {

    private static final long OPERATIONS = Long.getLong("objectlock.soak", 50_000);
    private static final long SEED = Long.getLong("objectlock.seed", 1);
    private static final int THREADS = 4;

    /** What the heap may grow by between a tenth of the way and its end. */
    private static final long MEGABYTES_OF_NOISE = 4;

    private static final List<LockMode> MODES = List.of(LockMode.values());
    private static final Duration VERY_SHORT = Duration.ofMillis(2);

    private static final LockWatcher LOOKS_AWAY = new LockWatcher() {
        @Override
        public void onSnapshot(LockSnapshot snapshot) {}

        @Override
        public void onEvent(LockEvent event) {}
    };

    private final MemoryLockBackend backend = MemoryLockBackend.create(LockTime.system());
    private final ObjectLocks locks = ObjectLocks.builder()
            .backend(backend)
            .authorizer(owner -> EnumSet.allOf(Privilege.class))
            .build();
    private final AtomicLong done = new AtomicLong();
    private final Map<String, LongAdder> outcomes = new TreeMap<>();

    @Test
    void veryManyOperationsLeaveNothingBehind() {
        for (String name : List.of("done", "busy", "lost", "not held", "ended", "deadlock")) {
            outcomes.put(name, new LongAdder());
        }
        long begin = System.nanoTime();
        // Twice a tenth of the way: what is made once, and classes and code, are there after the first.
        run(OPERATIONS / 10);
        long early = settledHeap();
        run(OPERATIONS - OPERATIONS / 10);
        long late = settledHeap();
        System.out.printf(
                "soak: %,d operations of %d threads in %.1f s; used heap %.2f MB at 10 %%, %.2f MB at 100 %%; %s%n",
                done.get(), THREADS, (System.nanoTime() - begin) / 1e9, early / 1e6, late / 1e6, outcomes);
        assertThat(late - early).isLessThan(MEGABYTES_OF_NOISE * 1_000_000);
        assertThat(outcomes.get("done").sum()).isGreaterThan(OPERATIONS / 4);
        assertThat(outcomes.get("busy").sum()).isPositive();
        locks.close();
        assertThat(Leftovers.processes(backend)).isZero();
    }

    private void run(long operations) {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            long target = done.get() + operations;
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(SEED * 1_000 + target + i);
                String name = "u" + i % 3;
                running.add(threads.submit(() -> new Worker(random, name).work(target)));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } catch (InterruptedException | java.util.concurrent.ExecutionException failed) {
            throw new AssertionError("with -Dobjectlock.seed=" + SEED, failed);
        } finally {
            threads.shutdownNow();
        }
        nothingIsLeft();
    }

    /** Leases run out, and what was given up is given back on other threads. */
    private void nothingIsLeft() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Race.PATIENCE_SECONDS);
        while (!(locks.roots().isEmpty() && left().isEmpty()) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(locks.roots())
                .as(() -> locks.roots().stream().map(locks::list).toList()
                        + " waiting "
                        + locks.roots().stream().map(locks::status).toList())
                .isEmpty();
        assertThat(left()).isEmpty();
        assertThat(Leftovers.losses(locks)).isLessThanOrEqualTo(10_000);
    }

    private Map<String, Integer> left() {
        Map<String, Integer> left = new TreeMap<>(Leftovers.in(backend));
        left.putAll(Leftovers.in(locks));
        return left;
    }

    private static long settledHeap() {
        LongSupplier used = () -> {
            System.gc();
            return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        };
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            least = Math.min(least, used.getAsLong());
        }
        return least;
    }

    /** One thread: a user who has a session now and then, and never goes without giving back or logging out. */
    private final class Worker {

        private final Random random;
        private final String name;
        private final Deque<Hold> scoped = new ArrayDeque<>();
        private final Deque<Hold> kept = new ArrayDeque<>();

        Worker(Random random, String name) {
            this.random = random;
            this.name = name;
        }

        void work(long target) {
            while (done.get() < target) {
                switch (random.nextInt(3)) {
                    case 0 -> inSession(target);
                    case 1 -> locks.runAs(LockOwner.user(name), () -> aWhile(target));
                    default ->
                        locks.runAs(
                                LockOwner.user(name),
                                () -> OwnerContext.withFlow("f" + random.nextInt(3), () -> aWhile(target)));
                }
            }
        }

        private void inSession(long target) {
            SessionPolicy policy =
                    switch (random.nextInt(3)) {
                        case 0 -> SessionPolicy.RELEASE;
                        case 1 -> SessionPolicy.grace(VERY_SHORT);
                        default -> SessionPolicy.STAY;
                    };
            ClientSession session = locks.sessions().open(name, policy);
            attempt(() -> session.run(() -> aWhile(target)));
            if (random.nextInt(3) == 0) {
                session.disconnect();
                attempt(() -> locks.sessions().resume(session.id()).close());
            }
            session.close();
        }

        /** Some operations of one owner, after which nothing of theirs is held that does not end by itself. */
        private void aWhile(long target) {
            for (int i = random.nextInt(100); i >= 0 && done.get() < target; i--) {
                attempt(this::one);
                done.incrementAndGet();
            }
            while (!scoped.isEmpty()) {
                scoped.pop().release();
            }
            while (!kept.isEmpty()) {
                kept.pop().release();
            }
        }

        private void attempt(Runnable operation) {
            try {
                operation.run();
                outcomes.get("done").increment();
            } catch (LockBusyException busy) {
                outcomes.get("busy").increment();
            } catch (LockLostException lost) {
                outcomes.get("lost").increment();
            } catch (LockNotHeldException notHeld) {
                outcomes.get("not held").increment();
            } catch (LockAuthenticationException ended) {
                outcomes.get("ended").increment();
            } catch (LockDeadlockException deadlock) {
                outcomes.get("deadlock").increment();
            }
        }

        private void one() {
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3, 4 ->
                    locks.run(request(), () -> {
                        if (random.nextBoolean()) {
                            attempt(this::one);
                        }
                    });
                case 5, 6, 7 -> locks.tryAcquire(request()).hold().ifPresent(scoped::push);
                case 8, 9 -> release(scoped);
                case 10, 11 -> locks.tryAcquire(toKeep()).hold().ifPresent(kept::push);
                case 12, 13 -> release(kept);
                case 14 -> locks.release(path());
                // Nobody has a handle to what these keep, so each ends by itself, used or not.
                case 15 -> {
                    LockRequest left = toKeep();
                    locks.run(random.nextBoolean() ? left.lease(VERY_SHORT) : left.maxHold(VERY_SHORT), () -> {});
                }
                case 16 -> locks.requireHeld(path());
                case 17 -> seldom();
                case 18 -> async();
                default -> locks.check(request());
            }
        }

        private void release(Deque<Hold> holds) {
            if (!holds.isEmpty()) {
                (random.nextBoolean() ? holds.pollFirst() : holds.pollLast()).release();
            }
        }

        private void seldom() {
            LockPath path = path();
            switch (random.nextInt(9)) {
                case 0 -> move(path, path.root().child("m" + random.nextInt(3)));
                case 1 -> locks.changeScope(path, random.nextBoolean() ? LockScope.TREE : LockScope.OBJECT);
                case 2 -> override(path);
                case 3 -> locks.remove(path);
                case 4 -> locks.sessions().end(name, "soak");
                case 5 -> locks.watch(path, LOOKS_AWAY).close();
                case 6 ->
                    locks.acquire(request().waitFor(VERY_SHORT).maxHold(VERY_SHORT))
                            .release();
                case 7 -> token();
                default -> locks.status(path);
            }
        }

        private void move(LockPath from, LockPath to) {
            if (!from.isAtOrAbove(to)) {
                locks.move(from, to);
            }
        }

        /** Seldom, since each is logged. */
        private void override(LockPath path) {
            if (random.nextInt(100) == 0) {
                locks.forceRelease(path, "soak");
            }
        }

        private void token() {
            Hold hold = kept.peekFirst();
            if (hold != null && hold.paths().size() == 1) {
                hold.onLost(loss -> {});
                locks.attach(hold.token()).ensure(Duration.ZERO);
            }
        }

        /**
         * Waits without a thread, and mostly gives up. Whoever gives up when it has just taken again what was there leaves it
         * there, on the longer lease of the two: so it always has one.
         */
        private void async() {
            LockRequest request = (random.nextBoolean() ? request() : toKeep().lease(VERY_SHORT)).waitFor(VERY_SHORT);
            CompletableFuture<Hold> wanted = locks.async().acquire(request);
            if (random.nextBoolean()) {
                wanted.cancel(false);
            }
            wanted.whenComplete((hold, failure) -> {
                if (hold != null) {
                    hold.release();
                }
            });
        }

        private LockRequest request() {
            LockMode mode = MODES.get(random.nextInt(3));
            LockPath path = path();
            LockPath other = path();
            LockRequest request = random.nextInt(8) == 0 && !path.equals(other)
                    ? LockRequest.of(mode, path, other)
                    : LockRequest.of(mode, path);
            if (mode != LockMode.MONITOR && random.nextBoolean()) {
                request = request.objectOnly();
            }
            if (random.nextInt(3) == 0) {
                request = request.access(LockAccess.SHARED);
            }
            Duration longest = random.nextInt(200) == 0 ? VERY_SHORT : Duration.ZERO;
            return request.waitFor(longest);
        }

        private LockRequest toKeep() {
            LockRequest request = request().keep();
            if (random.nextInt(3) == 0) {
                request = request.lease(VERY_SHORT).renewal(random.nextBoolean() ? Renewal.ON_USE : Renewal.NEVER);
            }
            return random.nextInt(5) == 0 ? request.maxHold(VERY_SHORT) : request;
        }

        private LockPath path() {
            LockPath path = LockPath.of("root" + random.nextInt(20));
            for (int i = random.nextInt(3); i > 0; i--) {
                path = path.child("m" + random.nextInt(3));
            }
            return path;
        }
    }
}
