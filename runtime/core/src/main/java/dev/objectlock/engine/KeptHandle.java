package dev.objectlock.engine;

import dev.objectlock.Hold;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockLostException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockPath;
import dev.objectlock.Loss;
import dev.objectlock.Released;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.HoldRef;
import dev.objectlock.grammar.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Kept holds of one request in the hands of whoever took them in code. */
final class KeptHandle implements Hold, Taken {

    private final Engine engine;
    private final List<HoldRef> holds;
    private final List<LockPath> paths;
    private final long fence;
    private final Instant since;
    private final AtomicBoolean released = new AtomicBoolean();

    KeptHandle(Engine engine, Answer.Granted granted, List<LockPath> paths, Instant since) {
        this.engine = engine;
        this.holds = granted.kept().stream().map(Answer.Kept::ref).toList();
        this.paths = paths;
        this.fence = granted.fence();
        this.since = since;
    }

    @Override
    public String id() {
        return holds.get(0).id();
    }

    @Override
    public List<LockPath> paths() {
        return paths;
    }

    @Override
    public long fence() {
        return fence;
    }

    @Override
    public Instant since() {
        return since;
    }

    @Override
    public Optional<Duration> timeLeft() {
        Optional<Duration> shortest = Optional.empty();
        for (HoldRef hold : holds) {
            Optional<HoldInfo> info = engine.await(engine.process().inspect(hold));
            if (info.isEmpty()) {
                return Optional.of(Duration.ZERO);
            }
            Optional<Duration> left = info.get().remaining();
            shortest = left.isPresent() && (shortest.isEmpty() || left.get().compareTo(shortest.get()) < 0)
                    ? left
                    : shortest;
        }
        return shortest;
    }

    @Override
    public boolean isHeld() {
        if (released.get()) {
            return false;
        }
        for (HoldRef hold : holds) {
            if (engine.await(engine.process().inspect(hold)).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void ensure(Duration duration) {
        if (released.get()) {
            throw new LockNotHeldException("the hold " + id() + " on " + paths + " has been given back");
        }
        for (HoldRef hold : holds) {
            HoldInfo info = engine.await(engine.process().renew(hold)).orElseThrow(() -> gone(hold));
            Optional<Duration> left = info.remaining();
            if (left.isPresent() && left.get().compareTo(duration) < 0) {
                throw new LockNotHeldException("the hold " + id() + " on " + paths + " lasts "
                        + Durations.say(left.get()) + " at a time, not the " + Durations.say(duration)
                        + " that were asked for; take it with a longer lease");
            }
        }
    }

    private RuntimeException gone(HoldRef hold) {
        Optional<Loss> loss = engine.losses().ofHold(hold.id());
        return loss.isPresent()
                ? new LockLostException(
                        "the hold " + hold.id() + " on " + paths + " was lost", paths.get(0), loss.get())
                : new LockNotHeldException("the hold " + hold.id() + " on " + paths + " is no longer there: it was"
                        + " released, or its session ended");
    }

    @Override
    public void onLost(Consumer<Loss> listener) {
        List<String> ids = new ArrayList<>();
        holds.forEach(hold -> ids.add(hold.id()));
        engine.losses().whenLost(ids, listener);
        for (HoldRef hold : holds) {
            if (engine.await(engine.process().inspect(hold)).isEmpty()) {
                // It ended before somebody waited for its loss.
                engine.losses().forget(List.of(hold.id()));
            }
        }
    }

    @Override
    public Released release() {
        if (released.getAndSet(true)) {
            return Released.NOT_HELD;
        }
        if (engine.await(engine.process().giveBack(holds)) > 0) {
            return Released.RELEASED;
        }
        return engine.losses().ofHold(id()).isPresent() ? Released.LOST : Released.NOT_HELD;
    }

    @Override
    public String toString() {
        return "Hold " + id() + " on " + paths + (released.get() ? " (ended)" : "");
    }
}
