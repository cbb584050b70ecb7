package dev.objectlock.engine;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockEvent;
import dev.objectlock.LockListener;
import dev.objectlock.LockPath;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Who is told what happens in the store: the engine's own notes at once, the listeners each on a thread of its own. */
final class Listeners {

    private final Losses losses;
    private final Watches watches;
    private final BiConsumer<LockPath, LockPath> moves;
    private final List<Ear> ears;

    /** Where the store may tell a loss twice, with the next beat again: what it has told. */
    private final @Nullable RecentEvents recent;

    /** A listener and its thread. */
    private record Ear(LockListener listener, EventThread thread) {}

    Listeners(
            String engine,
            List<LockListener> listeners,
            Losses losses,
            Watches watches,
            BiConsumer<LockPath, LockPath> moves,
            boolean toldTwice) {
        this.moves = moves;
        this.losses = losses;
        this.watches = watches;
        this.ears = listeners.stream()
                .map(listener -> new Ear(listener, new EventThread(engine)))
                .toList();
        this.recent = toldTwice ? new RecentEvents() : null;
    }

    void tell(LockEvent event) {
        if (recent != null && event.number() != 0 && !recent.isNew(event)) {
            return;
        }
        note(event);
        for (Ear ear : ears) {
            ear.thread.execute(() -> ear.listener.onEvent(event));
        }
        watches.happened(event);
    }

    private void note(LockEvent event) {
        List<HoldInfo> kept = event.holds().stream().filter(HoldInfo::kept).toList();
        if (event instanceof LockEvent.Removed removed) {
            // Whoever removes an object knows that it is gone.
            losses.ended(
                    kept.stream().filter(hold -> hold.belongsTo(removed.by())).toList());
            losses.lost(
                    kept.stream().filter(hold -> !hold.belongsTo(removed.by())).toList(),
                    event.loss().orElseThrow());
        } else if (event.loss().isPresent()) {
            losses.lost(kept, event.loss().get());
        } else if (event instanceof LockEvent.Released) {
            losses.ended(kept);
        } else {
            losses.known(kept);
        }
        if (event instanceof LockEvent.Moved moved) {
            losses.moved(moved.from(), moved.to());
            moves.accept(moved.from(), moved.to());
        }
    }

    void close() {
        ears.forEach(ear -> ear.thread.close());
    }
}
