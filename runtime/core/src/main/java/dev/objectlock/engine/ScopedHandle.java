package dev.objectlock.engine;

import dev.objectlock.Hold;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockLostException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockPath;
import dev.objectlock.Loss;
import dev.objectlock.Released;
import dev.objectlock.backend.Claim;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A scoped hold in the hands of whoever took it in code. */
class ScopedHandle implements Hold {

    private final ScopedHold hold;
    private final AtomicBoolean released = new AtomicBoolean();

    ScopedHandle(ScopedHold hold) {
        this.hold = hold;
    }

    @Override
    public final String id() {
        return hold.holdId(0);
    }

    @Override
    public final List<LockPath> paths() {
        return hold.paths();
    }

    @Override
    public final long fence() {
        return hold.fence();
    }

    @Override
    public final long fence(LockPath path) {
        long fence = hold.fenceOf(path.rootName());
        if (fence == 0) {
            throw notUnder(this, path);
        }
        return fence;
    }

    static LockConfigurationException notUnder(Hold hold, LockPath path) {
        return new LockConfigurationException(
                "the hold " + hold.id() + " is on " + hold.paths() + " and has nothing under the root of " + path);
    }

    @Override
    public final String token() {
        throw new LockConfigurationException("the hold " + id() + " on " + paths() + " ends with its call, so it has no"
                + " token: take it with keep()");
    }

    @Override
    public final Instant since() {
        return hold.engine().wallTimeOf(hold.grantedAt());
    }

    @Override
    public final Optional<Duration> timeLeft() {
        if (!isHeld()) {
            return Optional.of(Duration.ZERO);
        }
        Duration shortest = null;
        long held = hold.engine().time().nanoTime() - hold.grantedAt();
        for (Claim claim : hold.claims()) {
            Duration longest = claim.terms().kept() ? null : claim.terms().maxHold();
            if (longest != null && (shortest == null || longest.compareTo(shortest) < 0)) {
                shortest = longest;
            }
        }
        return shortest == null
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.max(0, shortest.toNanos() - held)));
    }

    @Override
    public final boolean isHeld() {
        return !released.get() && hold.isOngoing() && hold.loss() == null;
    }

    @Override
    public final void ensure(Duration duration) {
        if (hold.engine().heart().isSuspect()) {
            hold.engine().heart().confirm();
        }
        Loss loss = hold.loss();
        if (loss != null) {
            throw new LockLostException("the hold " + id() + " on " + paths() + " was lost", paths().get(0), loss);
        }
        if (!isHeld()) {
            throw new LockNotHeldException("the hold " + id() + " on " + paths() + " has been given back");
        }
        Optional<Duration> left = timeLeft();
        if (left.isPresent() && left.get().compareTo(duration) < 0) {
            throw KeptHandle.tooShort(this, left.get(), duration);
        }
    }

    @Override
    public final void onLost(Consumer<Loss> listener) {
        hold.engine().losses().whenLost(hold, listener);
    }

    @Override
    public Released release() {
        if (released.getAndSet(true)) {
            return Released.NOT_HELD;
        }
        hold.end();
        // Asked afterwards: the store says that it was lost before it takes it back.
        return hold.loss() != null ? Released.LOST : Released.RELEASED;
    }

    @Override
    public final String toString() {
        return "Hold " + id() + " on " + paths() + (isHeld() ? "" : " (ended)");
    }
}
