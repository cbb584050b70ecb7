package dev.objectlock.redis.faults;

import dev.objectlock.LockTime;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** A backend, unchanged, that says when its process has joined once more: then it had been dead for the store. */
final class WatchedBackend implements LockBackend {

    private final LockBackend real;
    private final Runnable joinedAgain;
    private final AtomicBoolean joined = new AtomicBoolean();

    WatchedBackend(LockBackend real, Runnable joinedAgain) {
        this.real = real;
        this.joinedAgain = joinedAgain;
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
        return real.join(listener).thenApply(process -> {
            if (joined.getAndSet(true)) {
                joinedAgain.run();
            }
            return process;
        });
    }

    @Override
    public void close() {
        real.close();
    }
}
