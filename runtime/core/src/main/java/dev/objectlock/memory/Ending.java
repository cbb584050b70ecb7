package dev.objectlock.memory;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockEvent;
import dev.objectlock.LockOwner;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How kept holds end, and so what is announced. */
record Ending(Kind kind, @Nullable LockOwner by, @Nullable String reason) {

    static final Ending RELEASED = new Ending(Kind.RELEASED, null, null);
    static final Ending EXPIRED = new Ending(Kind.EXPIRED, null, null);

    private enum Kind {
        RELEASED,
        EXPIRED,
        OVERRIDDEN
    }

    static Ending overriddenBy(LockOwner by, String reason) {
        return new Ending(Kind.OVERRIDDEN, by, reason);
    }

    LockEvent event(List<HoldInfo> holds, Instant at) {
        if (kind == Kind.OVERRIDDEN && by != null) {
            return new LockEvent.Overridden(holds, at, by, reason);
        }
        return kind == Kind.EXPIRED ? new LockEvent.Expired(holds, at) : new LockEvent.Released(holds, at);
    }
}
