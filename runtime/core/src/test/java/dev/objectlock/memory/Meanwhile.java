package dev.objectlock.memory;

import dev.objectlock.LockTime;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A store where something else happens exactly between two steps of an engine, as another thread might have it: once,
 * before or after the next call of an operation of the store, or before the next thing that the engine is told.
 */
final class Meanwhile implements LockBackend {

    private final LockBackend real;
    private final Map<String, Runnable> before = new ConcurrentHashMap<>();
    private final Map<String, Runnable> after = new ConcurrentHashMap<>();

    Meanwhile(LockBackend real) {
        this.real = real;
    }

    void before(String operation, Runnable what) {
        before.put(operation, what);
    }

    void after(String operation, Runnable what) {
        after.put(operation, what);
    }

    @Override
    public CompletionStage<JoinedProcess> join(ProcessListener listener) {
        happen(before, "join");
        ProcessListener told = wrapped(ProcessListener.class, listener);
        return real.join(told).thenApply(process -> wrapped(JoinedProcess.class, process));
    }

    private <T> T wrapped(Class<T> type, T target) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return method.invoke(target, arguments);
            }
            happen(before, method.getName());
            try {
                return method.invoke(target, arguments);
            } catch (InvocationTargetException failed) {
                throw failed.getCause();
            } finally {
                happen(after, method.getName());
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static void happen(Map<String, Runnable> things, String operation) {
        Runnable thing = things.remove(operation);
        if (thing != null) {
            thing.run();
        }
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public LockTime time() {
        return real.time();
    }

    @Override
    public Optional<Duration> processTimeout() {
        return real.processTimeout();
    }

    @Override
    public void close() {
        real.close();
    }
}
