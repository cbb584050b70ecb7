package dev.objectlock.redis.faults;

import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import dev.objectlock.testkit.InterceptedBackend;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** A backend, unchanged, that says when its process has joined once more: then it had been dead for the store. */
final class WatchedBackend extends InterceptedBackend {

    private final Runnable joinedAgain;
    private final AtomicBoolean joined = new AtomicBoolean();

    WatchedBackend(LockBackend real, Runnable joinedAgain) {
        super(real);
        this.joinedAgain = joinedAgain;
    }

    @Override
    public CompletionStage<JoinedProcess> join(ProcessListener listener) {
        return super.join(listener).thenApply(process -> {
            if (joined.getAndSet(true)) {
                joinedAgain.run();
            }
            return process;
        });
    }
}
