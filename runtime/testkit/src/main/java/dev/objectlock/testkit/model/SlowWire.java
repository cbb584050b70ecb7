package dev.objectlock.testkit.model;

import dev.objectlock.Loss;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * What lies between a process and its store: now and then a request, or its answer, takes longer than those of others; and of the
 * loss of its holds the process may hear later than others are granted them.
 */
final class SlowWire {

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

    SlowWire(long seed) {
        this.random = new Random(seed);
        this.late = random.nextBoolean();
    }

    /** Whether the process may hear of a loss at any time, and not before anybody else is granted what it had. */
    boolean tellsLate() {
        return late;
    }

    /** A store at the end of such a wire. */
    LockBackend to(LockBackend store) {
        return proxy(LockBackend.class, (self, method, args) -> {
            boolean joins = "join".equals(method.getName());
            Object answer = joins
                    ? store.join(to((ProcessListener) Objects.requireNonNull(args[0])))
                    : invoke(store, method, args);
            return joins
                    ? ((CompletionStage<?>) Objects.requireNonNull(answer))
                            .thenApply(joined -> to((JoinedProcess) joined))
                    : answer;
        });
    }

    private JoinedProcess to(JoinedProcess process) {
        return proxy(JoinedProcess.class, (self, method, args) -> {
            dawdle();
            Object answer = invoke(process, method, args);
            dawdle();
            return answer;
        });
    }

    private ProcessListener to(ProcessListener listener) {
        return proxy(ProcessListener.class, (self, method, args) -> {
            if (!late || !"lost".equals(method.getName())) {
                return invoke(listener, method, args);
            }
            TELLING.execute(() -> {
                dawdle(random.nextInt(4 * CHANCES));
                listener.lost((Ask) args[0], (Loss) args[1]);
            });
            return null;
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

    private static @Nullable Object invoke(Object target, Method method, @Nullable Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException failed) {
            throw failed.getCause() == null ? failed : failed.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
