package dev.objectlock.testkit.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request.
 *
 * @param paths the objects
 * @param mode who else is admitted
 * @param tree whether all below is covered
 * @param shared whether it is a reader
 * @param span a part of the objects, or null
 * @param kept whether it is to be kept
 * @param call whether it is made for the time of some work, besides being kept
 * @param waits for how many seconds; 0 is not at all, {@link #BY_DEFAULT} says nothing
 * @param lease in seconds; 0 is none said
 * @param maxHold in seconds; 0 is none
 * @param renew what extends the lease
 * @param slots of a counting lock; 0 is none
 */
record Wanted(
        List<String> paths,
        Mode mode,
        boolean tree,
        boolean shared,
        @Nullable Span span,
        boolean kept,
        boolean call,
        int waits,
        int lease,
        int maxHold,
        Renew renew,
        int slots) {

    /** The wait that is not said. */
    static final int BY_DEFAULT = -1;

    private static final int MONITOR_LEASE = 15;

    /** For what it waits. */
    enum Patience {
        NONE,
        CALLS,
        ANYTHING
    }

    Wanted {
        paths = List.copyOf(paths);
    }

    Patience patience() {
        if (waits == BY_DEFAULT) {
            return kept ? Patience.NONE : Patience.CALLS;
        }
        return waits == 0 ? Patience.NONE : Patience.ANYTHING;
    }

    int longestWait() {
        return waits == BY_DEFAULT ? mode == Mode.MONITOR ? 15 : 2 : waits;
    }

    int leaseOfKept() {
        return lease == 0 && mode == Mode.MONITOR ? MONITOR_LEASE : lease;
    }

    /** How long a scoped hold may last; beside a kept one it lasts as long as its call. */
    int longestScoped() {
        return kept ? 0 : maxHold;
    }

    /** The same without work. */
    Wanted withoutCall() {
        return new Wanted(paths, mode, tree, shared, span, kept, false, waits, lease, maxHold, renew, slots);
    }

    /** Its parts, tree by tree, in the order of the roots. */
    List<List<Part>> trees() {
        Map<String, List<Part>> byRoot = new TreeMap<>();
        if (!kept || call && slots == 0) {
            addParts(byRoot, false);
        }
        if (kept) {
            addParts(byRoot, true);
        }
        return new ArrayList<>(byRoot.values());
    }

    private void addParts(Map<String, List<Part>> byRoot, boolean keeps) {
        for (String path : paths) {
            byRoot.computeIfAbsent(Part.root(path), root -> new ArrayList<>())
                    .add(new Part(path, mode, tree, shared, span, keeps, slots));
        }
    }

    @Override
    public String toString() {
        return (call ? "call with " : "")
                + (kept ? "kept " : "")
                + (shared ? "shared " : "")
                + mode
                + (tree ? " TREE " : " ")
                + String.join(", ", paths)
                + (span == null ? "" : span)
                + (slots == 0 ? "" : " slots " + slots)
                + (waits == BY_DEFAULT ? "" : " waits " + waits + "s")
                + (lease == 0 ? "" : " lease " + lease + "s" + (renew == Renew.NEVER ? " never renewed" : ""))
                + (maxHold == 0 ? "" : " maxHold " + maxHold + "s");
    }
}
