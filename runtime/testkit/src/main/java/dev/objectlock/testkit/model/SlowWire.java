package dev.objectlock.testkit.model;

import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What lies between a process and its store: now and then a request, or its answer, takes longer than those of others. */
final class SlowWire {

    /** How often others get the chance to be faster. */
    private static final int CHANCES = 30;

    private final Random random;

    private SlowWire(long seed) {
        this.random = new Random(seed);
    }

    /** A store at the end of such a wire. */
    static LockBackend to(LockBackend store, long seed) {
        SlowWire wire = new SlowWire(seed);
        return proxy(LockBackend.class, (self, method, args) -> {
            Object answer = invoke(store, method, args);
            return "join".equals(method.getName())
                    ? ((CompletionStage<?>) Objects.requireNonNull(answer))
                            .thenApply(joined -> wire.to((JoinedProcess) joined))
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

    @SuppressWarnings("ThreadPriorityCheck") // Nothing relies on it: that others are faster now and then is enough.
    private void dawdle() {
        for (int i = random.nextInt(8) == 0 ? random.nextInt(CHANCES) : 0; i > 0; i--) {
            Thread.yield();
        }
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
