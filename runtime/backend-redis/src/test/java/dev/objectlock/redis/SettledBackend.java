package dev.objectlock.redis;

import dev.objectlock.LockTime;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * A backend that answers only when all that follows from the request has been told as well, as the memory backend does: for
 * cases that say exactly what must be known at which moment.
 */
final class SettledBackend implements LockBackend {

    private final RedisLockBackend real;

    SettledBackend(RedisLockBackend real) {
        this.real = real;
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
    public CompletionStage<JoinedProcess> join(ProcessListener listener) {
        return settled(real.join(listener)).thenApply(this::settling);
    }

    private JoinedProcess settling(JoinedProcess process) {
        return (JoinedProcess) Proxy.newProxyInstance(
                JoinedProcess.class.getClassLoader(), new Class<?>[] {JoinedProcess.class}, (proxy, method, args) -> {
                    try {
                        Object answer = method.invoke(process, args);
                        return answer instanceof CompletionStage<?> stage ? settled(stage) : answer;
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }

    private <T> CompletableFuture<T> settled(CompletionStage<T> stage) {
        CompletableFuture<T> answer = stage.toCompletableFuture();
        try {
            answer.join();
            real.settle();
        } catch (CompletionException failed) {
            return answer;
        }
        return answer;
    }

    @Override
    public void close() {
        real.close();
    }
}
