package dev.objectlock.testkit.model;

import dev.objectlock.backend.LockBackend;
import dev.objectlock.testkit.InterceptedBackend;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * What lies between a process and its store: now and then a request, or its answer, takes longer than those of others; and of the
 * loss of its holds the process may hear later than others are granted them.
 */
final class SlowWire extends InterceptedBackend {

    /** How often others get the chance to be faster. */
    private static final int CHANCES = 30;

    /** Tells of losses, in their order. */
    private static final Executor TELLING = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "slow wire");
        thread.setDaemon(true);
        return thread;
    });

    private final Random random;

    /** Whether of losses somebody else tells, who takes his time. */
    private final boolean late;

    SlowWire(LockBackend store, long seed) {
        super(store);
        this.random = new Random(seed);
        this.late = random.nextBoolean();
    }

    /** Whether the process may hear of a loss at any time, and not before anybody else is granted what it had. */
    boolean tellsLate() {
        return late;
    }

    @Override
    protected @Nullable Object asked(Call call) {
        dawdle();
        Object answer = call.proceed();
        dawdle();
        return answer;
    }

    @Override
    protected void told(Call call) {
        if (!late || !call.name().equals("lost")) {
            call.proceed();
            return;
        }
        TELLING.execute(() -> {
            dawdle(random.nextInt(4 * CHANCES));
            call.proceed();
        });
    }

    @SuppressWarnings("ThreadPriorityCheck") // Nothing relies on it: that others are faster now and then is enough.
    private static void dawdle(int chances) {
        for (int i = chances; i > 0; i--) {
            Thread.yield();
        }
    }

    private void dawdle() {
        dawdle(random.nextInt(8) == 0 ? random.nextInt(CHANCES) : 0);
    }
}
