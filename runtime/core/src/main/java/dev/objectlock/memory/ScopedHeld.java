package dev.objectlock.memory;

import dev.objectlock.LockOwner;
import dev.objectlock.LockTime.Alarm;
import dev.objectlock.backend.Ask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A hold that ends with its call. */
final class ScopedHeld extends Held {

    final Ask ask;
    final Tree tree;

    /** The next hold of the same request. */
    final @Nullable ScopedHeld nextOfAsk;

    /** Rings when its longest time is over, if it has one. */
    @Nullable
    Alarm alarm;

    private final int part;

    /** The owner's kept holds with a lease that this call is using. */
    private List<KeptHeld> uses = List.of();

    ScopedHeld(Tree tree, MemoryProcess process, Ask ask, int part, @Nullable ScopedHeld nextOfAsk) {
        super(process, ask.claims().get(part));
        this.tree = tree;
        this.ask = ask;
        this.part = part;
        this.nextOfAsk = nextOfAsk;
    }

    @Override
    LockOwner owner() {
        return ask.owner();
    }

    @Override
    String name() {
        return ask.holdId(part);
    }

    @Override
    long fence() {
        return ask.fence();
    }

    @Override
    long since() {
        return ask.grantedAt();
    }

    @Override
    @Nullable
    Duration timeLeft(long nanoTime) {
        return maxHoldLeft(nanoTime);
    }

    void use(KeptHeld leased) {
        if (!uses.contains(leased)) {
            uses = uses.isEmpty() ? new ArrayList<>(2) : uses;
            uses.add(leased);
            leased.beginUse();
        }
    }

    /** Marks the end: nothing is used any more, and nothing rings. */
    void end(long nanoTime) {
        ended = true;
        if (!uses.isEmpty()) {
            uses.forEach(leased -> leased.endUse(nanoTime));
            uses = List.of();
        }
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
    }
}
