package dev.objectlock.engine;

import dev.objectlock.Hold;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockConfigurationException;
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
    private final List<Answer.Kept> kept;
    private final List<HoldRef> holds;
    private final Instant since;
    private final AtomicBoolean released = new AtomicBoolean();

    KeptHandle(Engine engine, List<Answer.Kept> kept, Instant since) {
        this.engine = engine;
        this.holds = kept.stream().map(Answer.Kept::ref).toList();
        this.kept = List.copyOf(kept);
        this.since = since;
    }

    @Override
    public String id() {
        return holds.get(0).id();
    }

    @Override
    public List<LockPath> paths() {
        return holds.stream().map(HoldRef::path).distinct().toList();
    }

    @Override
    public long fence() {
        return kept.get(0).fence();
    }

    @Override
    public long fence(LockPath path) {
        for (int i = 0; i < holds.size(); i++) {
            if (holds.get(i).path().isAtOrAbove(path)) {
                return kept.get(i).fence();
            }
        }
        for (int i = 0; i < holds.size(); i++) {
            if (holds.get(i).path().rootName().equals(path.rootName())) {
                return kept.get(i).fence();
            }
        }
        throw ScopedHandle.notUnder(this, path);
    }

    @Override
    public String token() {
        if (holds.size() > 1) {
            throw new LockConfigurationException("the hold " + id() + " is on several objects, " + paths()
                    + ", and a token is for one: keep them one by one");
        }
        if (released.get()) {
            throw givenBack();
        }
        HoldRef hold = holds.get(0);
        return engine.ask(() -> "asking for the token of the hold on " + hold.path(), process -> process.token(hold))
                .orElseThrow(() -> gone(hold));
    }

    private LockNotHeldException givenBack() {
        return new LockNotHeldException("the hold " + id() + " on " + paths() + " has been given back");
    }

    @Override
    public Instant since() {
        return since;
    }

    @Override
    public Optional<Duration> timeLeft() {
        Optional<Duration> shortest = Optional.empty();
        for (HoldRef hold : holds) {
            Optional<HoldInfo> info = inspect(hold);
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

    private Optional<HoldInfo> inspect(HoldRef hold) {
        return engine.ask(() -> "looking at the hold on " + hold.path(), process -> process.inspect(hold));
    }

    @Override
    public boolean isHeld() {
        if (released.get()) {
            return false;
        }
        for (HoldRef hold : holds) {
            if (inspect(hold).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void ensure(Duration duration) {
        if (released.get()) {
            throw givenBack();
        }
        for (HoldRef hold : holds) {
            HoldInfo info = engine.ask(() -> "renewing the hold on " + hold.path(), process -> process.renew(hold))
                    .orElseThrow(() -> gone(hold));
            Optional<Duration> left = info.remaining();
            if (left.isPresent() && left.get().compareTo(duration) < 0) {
                throw tooShort(this, left.get(), duration);
            }
        }
    }

    static LockNotHeldException tooShort(Hold hold, Duration left, Duration asked) {
        return new LockNotHeldException("the hold " + hold.id() + " on " + hold.paths() + " lasts "
                + Durations.say(left) + " more, not the " + Durations.say(asked)
                + " that were asked for; take it with a longer lease or maxHold");
    }

    private RuntimeException gone(HoldRef hold) {
        Optional<Loss> loss = engine.losses().ofHold(hold.id());
        return loss.isPresent()
                ? new LockLostException(
                        "the hold " + hold.id() + " on " + paths() + " was lost", paths().get(0), loss.get())
                : new LockNotHeldException("the hold " + hold.id() + " on " + paths() + " is no longer there: it was"
                        + " released, or its session ended");
    }

    @Override
    public void onLost(Consumer<Loss> listener) {
        List<String> ids = new ArrayList<>();
        holds.forEach(hold -> ids.add(hold.id()));
        engine.losses().whenLost(ids, listener);
        for (HoldRef hold : holds) {
            if (inspect(hold).isEmpty()) {
                // It ended before somebody waited for its loss.
                engine.losses().forget(List.of(hold.id()));
            }
        }
    }

    /** Nobody wants it any more: what was taken is given back, what was there before stays. */
    void undo() {
        released.set(true);
        engine.returns().giveBackCreated(kept);
    }

    @Override
    public Released release() {
        if (released.getAndSet(true)) {
            return Released.NOT_HELD;
        }
        boolean someWereThere;
        try {
            someWereThere = engine.returns().giveBack(holds) > 0;
        } catch (RuntimeException failed) {
            // It may still be held, and can be given back when the store answers again.
            released.set(false);
            throw failed;
        }
        boolean someWereLost = false;
        for (HoldRef hold : holds) {
            someWereLost |= engine.losses().ofHold(hold.id()).isPresent();
        }
        return someWereLost ? Released.LOST : someWereThere ? Released.RELEASED : Released.NOT_HELD;
    }

    @Override
    public String toString() {
        return "Hold " + id() + " on " + paths() + (released.get() ? " (ended)" : "");
    }
}
