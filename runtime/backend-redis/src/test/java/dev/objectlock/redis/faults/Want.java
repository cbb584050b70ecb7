package dev.objectlock.redis.faults;

import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * What a thread wants next.
 *
 * @param request what it asks for
 * @param asCall whether as a call with a body; else with a handle
 */
record Want(LockRequest request, boolean asCall) {

    private static final LockPath SLOTS = LockPath.of("plant:1", "presses");
    private static final int SLOT_COUNT = 3;

    private static final List<LockPath> OBJECTS = List.of(
            LockPath.of("plant:1"),
            LockPath.of("cell:7"),
            LockPath.of("cell:7", "arm"),
            LockPath.of("cell:7", "arm", "tool"),
            LockPath.of("cell:7", "table"),
            LockPath.of("cell:8"),
            LockPath.of("cell:8", "arm"));

    private static final List<Duration> WAITS =
            List.of(Duration.ZERO, Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofSeconds(1));

    /**
     * Chooses one.
     *
     * @param random what decides
     * @param lease of kept holds, so that one that could not be given back ends by itself
     */
    static Want random(Random random, Duration lease) {
        LockRequest request = random.nextInt(4) == 0
                ? LockRequest.monitor(SLOTS).slots(SLOT_COUNT)
                : LockRequest.of(one(random, List.of(LockMode.values())), one(random, OBJECTS));
        if (request.mode() != LockMode.MONITOR && random.nextBoolean()) {
            request = request.objectOnly();
        }
        boolean kept = random.nextInt(4) == 0;
        if (kept) {
            request = request.keep().lease(lease);
        }
        if (random.nextInt(5) > 0) {
            request = request.waitFor(one(random, WAITS));
        }
        return new Want(request, !kept && random.nextBoolean());
    }

    private static <T> T one(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    LockPath path() {
        return request.paths().get(0);
    }

    Claim claim(int thread, LockOwner owner) {
        return new Claim(
                thread,
                String.valueOf(owner.user()),
                String.valueOf(owner.client()),
                request.mode(),
                request.scope() == LockScope.TREE,
                request.slots(),
                path().toString());
    }
}
