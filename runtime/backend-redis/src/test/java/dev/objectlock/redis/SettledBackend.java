package dev.objectlock.redis;

import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.ProcessListener;
import dev.objectlock.testkit.InterceptedBackend;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A backend that answers only when all that follows from the request has been told as well, as the memory backend does: for
 * cases that say exactly what must be known at which moment.
 */
final class SettledBackend extends InterceptedBackend {

    private final RedisLockBackend real;

    SettledBackend(RedisLockBackend real) {
        super(real);
        this.real = real;
    }

    @Override
    public CompletionStage<JoinedProcess> join(ProcessListener listener) {
        return settled(super.join(listener));
    }

    @Override
    protected @Nullable Object asked(Call call) {
        return call.isRequest() ? settled(call.send()) : call.proceed();
    }

    private <T extends @Nullable Object> CompletableFuture<T> settled(CompletionStage<T> stage) {
        CompletableFuture<T> answer = stage.toCompletableFuture();
        try {
            answer.join();
            real.settle();
        } catch (CompletionException failed) {
            return answer;
        }
        return answer;
    }
}
