package dev.objectlock.testkit.model;

/** The rule of conflict, written down as the documents say it: slowly, and without a thought for speed. */
final class Rule {

    private Rule() {}

    static boolean conflict(Part a, Actor ownerOfA, Part b, Actor ownerOfB) {
        if (!overlap(a, b) || a.shared() && b.shared()) {
            return false;
        }
        if (a.slots() > 0 && b.slots() > 0) {
            // Among slots there is conflict only when all are taken, and that is counted elsewhere.
            return false;
        }
        return twoOwners(a, ownerOfA, b, ownerOfB)
                || monitorAndOwner(a, ownerOfA, b, ownerOfB)
                || monitorAndOwner(b, ownerOfB, a, ownerOfA)
                || twoInside(a, ownerOfA, b, ownerOfB);
    }

    private static boolean overlap(Part a, Part b) {
        if (a.path().equals(b.path())) {
            return a.span() == null || b.span() == null || a.span().overlaps(b.span());
        }
        return a.coversObject(b.path()) || b.coversObject(a.path());
    }

    /** Both are ownership holds, and either does not admit the owner of the other. */
    private static boolean twoOwners(Part a, Actor ownerOfA, Part b, Actor ownerOfB) {
        return a.mode() != Mode.MONITOR
                && b.mode() != Mode.MONITOR
                && (!admits(a, ownerOfA, b, ownerOfB) || !admits(b, ownerOfB, a, ownerOfA));
    }

    /** One is a monitor, and the other an ownership hold that does not admit its owner. */
    private static boolean monitorAndOwner(Part monitor, Actor inside, Part ownership, Actor owner) {
        return monitor.mode() == Mode.MONITOR
                && ownership.mode() != Mode.MONITOR
                && !admits(ownership, owner, monitor, inside);
    }

    /** One is a monitor, and the other, on the same object, a monitor or a scoped hold, of another flow. */
    private static boolean twoInside(Part a, Actor ownerOfA, Part b, Actor ownerOfB) {
        boolean oneMonitor = a.mode() == Mode.MONITOR && (b.mode() == Mode.MONITOR || !b.kept());
        boolean otherMonitor = b.mode() == Mode.MONITOR && (a.mode() == Mode.MONITOR || !a.kept());
        return a.path().equals(b.path()) && (oneMonitor || otherMonitor) && !ownerOfA.equals(ownerOfB);
    }

    private static boolean admits(Part hold, Actor owner, Part other, Actor otherOwner) {
        if (hold.mode() == Mode.USER) {
            return owner.isSameUser(otherOwner);
        }
        boolean userByKeptHold = other.mode() == Mode.USER && other.kept();
        return userByKeptHold ? owner.isSameUser(otherOwner) : owner.isSameClient(otherOwner);
    }
}
