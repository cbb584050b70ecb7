package dev.objectlock.memory;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockEvent;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.Loss;
import java.time.Instant;
import java.util.List;

/** How kept holds end, and so what is announced. */
@FunctionalInterface
interface Ending {

    /** Their owner gave them back, or logged out. */
    Ending RELEASED = LockEvent.Released::new;

    LockEvent event(List<HoldInfo> holds, Instant at, long number);

    static Ending expired(Loss.Reason reason) {
        return (holds, at, number) -> new LockEvent.Expired(holds, at, number, reason);
    }

    static Ending lost(Loss.Reason reason) {
        return (holds, at, number) -> new LockEvent.Lost(holds, at, number, new Loss(reason, null, null, at));
    }

    static Ending overriddenBy(LockOwner by, String reason) {
        return (holds, at, number) -> new LockEvent.Overridden(holds, at, number, by, reason);
    }

    static Ending removed(LockPath path, LockOwner by) {
        return (holds, at, number) -> new LockEvent.Removed(holds, at, number, path, by);
    }
}
