package dev.objectlock;

import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one hold, at the moment it was asked: for monitoring, not for control.
 *
 * @param id the name of the hold; not a secret
 * @param path the object
 * @param mode who else is admitted
 * @param scope {@code TREE} or {@code OBJECT}
 * @param access whether readers are shut out
 * @param extent the part of the object, or null for all of it
 * @param kept whether it stays until released; else it ends with its call
 * @param owner who took it; for a kept USER or CLIENT hold without a flow, since it belongs to all flows of its client
 * @param fence the fencing token of its last grant or upgrade
 * @param since when it was granted
 * @param timeLeft how long until it ends if it is not used, or null if nothing but its release or session ends it
 * @param slots how many such holds the object takes if it is a counting lock, else 0
 */
public record HoldInfo(
        String id,
        LockPath path,
        LockMode mode,
        LockScope scope,
        LockAccess access,
        @Nullable Extent extent,
        boolean kept,
        LockOwner owner,
        long fence,
        Instant since,
        @Nullable Duration timeLeft,
        int slots) {

    /**
     * Returns the same hold on an object at another path.
     *
     * @param moved the path
     * @return the changed copy
     */
    public HoldInfo at(LockPath moved) {
        return new HoldInfo(id, moved, mode, scope, access, extent, kept, owner, fence, since, timeLeft, slots);
    }

    /**
     * Returns how long until it ends if it is not used.
     *
     * @return empty if nothing but its release or session ends it
     */
    public Optional<Duration> remaining() {
        return Optional.ofNullable(timeLeft);
    }

    /**
     * Returns whether an owner may use and release this hold: for a kept hold whoever its mode names, for a scoped one
     * its flow.
     *
     * @param who the owner in question
     * @return true if it is theirs
     */
    public boolean belongsTo(LockOwner who) {
        if (!kept || mode == LockMode.MONITOR) {
            return owner.isSameFlow(who);
        }
        return mode == LockMode.USER ? owner.isSameUser(who) : owner.isSameClient(who);
    }
}
