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
import org.jspecify.annotations.Nullable;

/** A scoped hold in the hands of whoever took it in code. */
class ScopedHandle implements Hold {

    private final ScopedHold hold;

    /** Of a call that has nothing but slots that it keeps. */
    private final @Nullable KeptHandle slots;

    private final AtomicBoolean released = new AtomicBoolean();

    ScopedHandle(ScopedHold hold) {
        this.hold = hold;
        this.slots = hold.hasScopedClaim()
                ? null
                : new KeptHandle(hold.engine(), hold.allKept(), hold.engine().wallTimeOf(hold.grantedAt()));
    }

    @Override
    public final String id() {
        return hold.name();
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
        if (slots != null) {
            return slots.timeLeft();
        }
        long now = hold.engine().time().nanoTime();
        Duration shortest = timeLeft(hold, now);
        for (ScopedHold other : hold.others()) {
            Duration left = timeLeft(other, now);
            shortest = shortest == null || left != null && left.compareTo(shortest) < 0 ? left : shortest;
        }
        return Optional.ofNullable(shortest);
    }

    private static @Nullable Duration timeLeft(ScopedHold one, long now) {
        Duration shortest = null;
        for (Claim claim : one.claims()) {
            Duration longest = claim.terms().kept() ? null : claim.terms().maxHold();
            if (longest != null && (shortest == null || longest.compareTo(shortest) < 0)) {
                shortest = longest;
            }
        }
        return shortest == null ? null : Duration.ofNanos(Math.max(0, shortest.toNanos() - (now - one.grantedAt())));
    }

    @Override
    public final boolean isHeld() {
        return !released.get() && hold.isOngoing() && hold.loss() == null && (slots == null || slots.isHeld());
    }

    @Override
    public final void ensure(Duration duration) {
        if (hold.loss() == null) {
            hold.engine().heart().confirmIfSuspect();
        }
        if (slots != null) {
            slots.ensure(duration);
            return;
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
        if (slots != null) {
            slots.onLost(listener);
        } else {
            hold.engine().losses().whenLost(hold, listener);
        }
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
