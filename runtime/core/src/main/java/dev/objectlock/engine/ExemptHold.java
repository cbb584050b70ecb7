package dev.objectlock.engine;

import dev.objectlock.Hold;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockPath;
import dev.objectlock.Loss;
import dev.objectlock.Released;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What work has that goes on without a hold, {@linkplain dev.objectlock.OwnerContext#withoutLocks without locks} or {@linkplain
 * dev.objectlock.WithoutStore#PROCEED without the store}: nothing.
 */
final class ExemptHold implements Hold, CallHold {

    private final List<LockPath> paths;
    private final Instant since;
    private final String why;

    ExemptHold(List<LockPath> paths, Instant since, String why) {
        this.paths = paths;
        this.since = since;
        this.why = why;
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
        throw new LockConfigurationException("nothing is held on " + paths + ": " + why);
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
    public Hold asCurrent() {
        return this;
    }

    @Override
    public void end() {}

    @Override
    public void endAfterReturn(boolean took) {}

    @Override
    public void endAfterFailure(boolean took, Throwable failure) {}

    @Override
    public void endAfterTransaction(boolean took, boolean committed) {}

    @Override
    public String toString() {
        return "no hold on " + paths + " (" + why + ")";
    }
}
