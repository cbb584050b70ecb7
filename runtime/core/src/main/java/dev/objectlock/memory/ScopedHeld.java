package dev.objectlock.memory;

import dev.objectlock.backend.Answer;
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
    final @Nullable ScopedHeld next;

    boolean ended;

    /** What the request was answered, in case it is sent again. */
    Answer.@Nullable Granted granted;

    /** The owner's kept holds with a lease that this call is using. */
    private List<KeptHeld> uses = List.of();

    ScopedHeld(
            Tree tree, MemoryProcess process, Ask ask, int part, long fence, long nanoTime, @Nullable ScopedHeld next) {
        super(process, ask.owner(), ask.claims().get(part), fence, nanoTime);
        this.tree = tree;
        this.ask = ask;
        this.next = next;
    }

    @Override
    String name() {
        return Ask.holdId(owner, ask.number(), ask.claims().indexOf(claim));
    }

    void use(KeptHeld leased) {
        if (!uses.contains(leased)) {
            uses = uses.isEmpty() ? new ArrayList<>(2) : uses;
            uses.add(leased);
            leased.beginUse();
        }
    }

    void endUse(long nanoTime) {
        uses.forEach(leased -> leased.endUse(nanoTime));
        uses = List.of();
    }

    @Override
    @Nullable
    Duration timeLeft(long nanoTime) {
        return null;
    }
}
