package dev.objectlock.engine;

import dev.objectlock.Hold;
import dev.objectlock.LockLostException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockPath;
import dev.objectlock.Loss;
import dev.objectlock.Released;
import dev.objectlock.backend.Ask;
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
        return Ask.holdId(hold.owner(), hold.number(), 0);
    }

    @Override
    public final List<LockPath> paths() {
        return hold.claims().stream().map(claim -> claim.path()).distinct().toList();
    }

    @Override
    public final long fence() {
        return hold.fence();
    }

    @Override
    public final Instant since() {
        return hold.engine().wallTimeOf(hold.askedAt());
    }

    @Override
    public final Optional<Duration> timeLeft() {
        return isHeld() ? Optional.empty() : Optional.of(Duration.ZERO);
    }

    @Override
    public final boolean isHeld() {
        return !released.get() && hold.isOngoing() && hold.loss() == null;
    }

    @Override
    public final void ensure(Duration duration) {
        Loss loss = hold.loss();
        if (loss != null) {
            throw new LockLostException("the hold " + id() + " on " + paths() + " was lost", paths().get(0), loss);
        }
        if (!isHeld()) {
            throw new LockNotHeldException("the hold " + id() + " on " + paths() + " has been given back");
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
        boolean lost = hold.loss() != null;
        hold.end();
        return lost ? Released.LOST : Released.RELEASED;
    }

    @Override
    public final String toString() {
        return "Hold " + id() + " on " + paths() + (isHeld() ? "" : " (ended)");
    }
}
