package dev.objectlock.engine;

import dev.objectlock.Hold;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.Loss;
import dev.objectlock.Released;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What is taken {@linkplain dev.objectlock.OwnerContext#withoutLocks without locks}: nothing. */
final class ExemptHold implements Hold, Taken {

    private final List<LockPath> paths;
    private final Instant since;

    ExemptHold(LockRequest request, Instant since) {
        this.paths = request.paths();
        this.since = since;
    }

    @Override
    public String id() {
        return "without-locks";
    }

    @Override
    public List<LockPath> paths() {
        return paths;
    }

    @Override
    public long fence() {
        return 0;
    }

    @Override
    public long fence(LockPath path) {
        return 0;
    }

    @Override
    public String token() {
        throw new LockConfigurationException("nothing is held on " + paths + ": the request was made without locks");
    }

    @Override
    public Instant since() {
        return since;
    }

    @Override
    public Optional<Duration> timeLeft() {
        return Optional.empty();
    }

    @Override
    public boolean isHeld() {
        return false;
    }

    @Override
    public void ensure(Duration duration) {}

    @Override
    public void onLost(Consumer<Loss> listener) {}

    @Override
    public Released release() {
        return Released.NOT_HELD;
    }

    @Override
    public String toString() {
        return "no hold on " + paths + " (without locks)";
    }
}
