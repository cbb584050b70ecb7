package dev.objectlock.testkit.model;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A hold. Times are in milliseconds; 0 is none. */
final class ModelHold {

    final Actor owner;
    final long since;

    /** Where it is, and what it covers. */
    Part part;

    /** Grows with each grant and each widening of its tree. */
    long fence;

    long lease;
    long maxHold;
    Renew renew = Renew.ON_USE;
    long lastUse;

    /** The running calls of owners it belongs to that are, or have been, on what it covers. */
    final Set<ModelHold> usedBy = new HashSet<>();

    /** Whether a guarded call goes on that uses it. */
    boolean guarded;

    /** Whether it ends with a session, and not with the engine through which it was taken. */
    boolean bySession;

    boolean ended;
    boolean lost;

    ModelHold(Part part, Actor owner, long fence, long now) {
        this.part = part;
        this.owner = owner;
        this.fence = fence;
        this.since = now;
        this.lastUse = now;
    }

    boolean belongsTo(Actor who) {
        if (!part.kept() || part.mode() == Mode.MONITOR) {
            return owner.equals(who);
        }
        return part.mode() == Mode.USER ? owner.isSameUser(who) : owner.isSameClient(who);
    }

    boolean isInUse() {
        return isRenewedByUse() && (guarded || !usedBy.isEmpty());
    }

    boolean outlivesClient() {
        return renew == Renew.NEVER;
    }

    boolean isRenewedByUse() {
        return part.kept() && lease > 0 && renew == Renew.ON_USE;
    }

    /** How long it has left; null for any time. */
    @Nullable
    Long left(long now) {
        long least = Long.MAX_VALUE;
        if (lease > 0) {
            least = isInUse() ? lease : lease - (now - lastUse);
        }
        if (maxHold > 0) {
            least = Math.min(least, maxHold - (now - since));
        }
        return least == Long.MAX_VALUE ? null : least;
    }

    boolean isOver(long now) {
        Long left = left(now);
        return left != null && left <= 0;
    }

    /** When it will be over if nothing happens; null for never. */
    @Nullable
    Long due(long now) {
        long first = Long.MAX_VALUE;
        if (lease > 0 && !isInUse()) {
            first = lastUse + lease;
        }
        if (maxHold > 0) {
            first = Math.min(first, since + maxHold);
        }
        return first == Long.MAX_VALUE ? null : Math.max(first, now);
    }

    @Override
    public String toString() {
        return part + " of " + owner;
    }
}
