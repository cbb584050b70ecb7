package dev.objectlock.backend;

import dev.objectlock.LockOwner;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;

/**
 * Who keeps out whom: the whole rule, and nothing else. Every backend decides by it.
 *
 * <p>A kept hold belongs to what its mode names: USER to the user, CLIENT to user and client, MONITOR to user, client and
 * flow. A scoped hold belongs to user, client and flow. USER admits every owner of the same user; CLIENT every owner of
 * the same user and client, and the user as owner of a kept USER hold. Neither admits an owner without a user.
 *
 * <p>Two holds conflict if they overlap, and not both are SHARED, and
 *
 * <ul>
 *   <li>both are ownership holds (USER, CLIENT), and either does not admit the owner of the other; or
 *   <li>one is a MONITOR, and the other an ownership hold that does not admit its owner; or
 *   <li>one is a MONITOR, and the other, on the same object, a MONITOR or a scoped hold, of another flow.
 * </ul>
 *
 * <p>Two slots of one counting lock do not conflict: the store counts them.
 */
public final class ConflictRule {

    private ConflictRule() {}

    /**
     * Returns whether two holds cannot be there at the same time. Symmetric.
     *
     * @param a one hold, or request
     * @param ownerOfA who has it, or asks for it
     * @param b the other
     * @param ownerOfB who has it, or asks for it
     * @return true if they conflict
     */
    public static boolean conflict(Claim a, LockOwner ownerOfA, Claim b, LockOwner ownerOfB) {
        if (a.terms().access() == LockAccess.SHARED && b.terms().access() == LockAccess.SHARED) {
            return false;
        }
        boolean twoSlots = a.terms().isSlot() && b.terms().isSlot();
        return !twoSlots && a.overlaps(b) && !tolerate(a, ownerOfA, b, ownerOfB);
    }

    private static boolean tolerate(Claim a, LockOwner ownerOfA, Claim b, LockOwner ownerOfB) {
        Terms termsOfA = a.terms();
        Terms termsOfB = b.terms();
        if (termsOfA.isMonitor() || termsOfB.isMonitor()) {
            return admitsMonitor(termsOfA, ownerOfA, termsOfB, ownerOfB)
                    && admitsMonitor(termsOfB, ownerOfB, termsOfA, ownerOfA)
                    && !(a.path().equals(b.path()) && meetInside(termsOfA, ownerOfA, termsOfB, ownerOfB));
        }
        return admits(termsOfA, ownerOfA, termsOfB, ownerOfB) && admits(termsOfB, ownerOfB, termsOfA, ownerOfA);
    }

    /** Whether an ownership hold lets a monitor in; anything else has nothing to say here. */
    private static boolean admitsMonitor(Terms ownership, LockOwner owner, Terms monitor, LockOwner monitorOwner) {
        return ownership.isMonitor() || !monitor.isMonitor() || admits(ownership, owner, monitor, monitorOwner);
    }

    /** Whether two flows would be inside the same object at once although one has its monitor. */
    private static boolean meetInside(Terms a, LockOwner ownerOfA, Terms b, LockOwner ownerOfB) {
        boolean bothInside = (a.isMonitor() || !a.kept()) && (b.isMonitor() || !b.kept());
        return bothInside && !ownerOfA.isSameFlow(ownerOfB);
    }

    private static boolean admits(Terms hold, LockOwner owner, Terms other, LockOwner otherOwner) {
        if (hold.mode() == LockMode.USER) {
            return owner.isSameUser(otherOwner);
        }
        boolean ownersKeptUserHold = other.mode() == LockMode.USER && other.kept();
        return ownersKeptUserHold ? owner.isSameUser(otherOwner) : owner.isSameClient(otherOwner);
    }
}
