package dev.objectlock.engine;

import dev.objectlock.ChangedPart;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockLostException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.SurroundingTransactions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The transactions of a process that are open, root by root, and those that were lost not long ago. Thread-safe. */
final class OpenTransactions {

    private static final int MOST_LOST = 1_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, List<Transaction>> byRoot = new HashMap<>();
    private final Map<Id, Lost> lost = new LinkedHashMap<>();

    /** How often somebody has asked for parts. */
    private long claims;

    private record Id(String root, long id) {}

    /** What is known of a transaction that was lost. */
    record Lost(LockOwner owner, LockLostException told) {}

    /**
     * A transaction asks for parts. What is about to end is waited for once they are granted.
     *
     * @throws LockConfigurationException if another one of the same flow has, or asks for, something that overlaps
     */
    void claim(Transaction asking, List<ChangedPart> parts) {
        String root = parts.get(0).path().rootName();
        lock.lock();
        try {
            List<Transaction> there = byRoot.computeIfAbsent(root, name -> new ArrayList<>(2));
            for (Transaction other : there) {
                if (other != asking && !other.isNoObstacle() && other.isOfFlow(asking.flow())) {
                    checkApart(asking, parts, other);
                }
            }
            claims++;
            asking.pieces().asks(parts);
            if (!there.contains(asking)) {
                there.add(asking);
            }
        } finally {
            lock.unlock();
        }
    }

    private static void checkApart(Transaction asking, List<ChangedPart> parts, Transaction other) {
        for (ChangedPart part : parts) {
            if (other.pieces().overlapsOrAsks(part)) {
                throw new LockConfigurationException("the transaction \"" + asking.name() + "\" asks for " + part
                        + ", which overlaps what \"" + other.name()
                        + "\" has, an open transaction of the same flow; end that one first"
                        + (asking.admitsOthers() ? ", or be part of it (REQUIRED)" : ""));
            }
        }
    }

    /** A transaction has ended, or never had anything. */
    void remove(Transaction ended, String root) {
        lock.lock();
        try {
            List<Transaction> there = byRoot.get(root);
            if (there != null && there.remove(ended) && there.isEmpty()) {
                byRoot.remove(root);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns how often somebody has asked for parts; -1 if a transaction is open under the root. */
    long claimsIfNoneUnder(String root) {
        lock.lock();
        try {
            return byRoot.containsKey(root) ? -1 : claims;
        } finally {
            lock.unlock();
        }
    }

    /** Does something quick before anybody asks for parts, unless somebody has since. Returns whether it was done. */
    boolean ifNoneSince(long known, Runnable work) {
        lock.lock();
        try {
            if (claims != known) {
                return false;
            }
            work.run();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The others that have something that overlaps, and what. */
    Map<Transaction, Piece> overlapping(Transaction granted, List<ChangedPart> parts) {
        Map<Transaction, Piece> found = new HashMap<>(2);
        for (Transaction other : under(parts.get(0).path().rootName())) {
            Piece piece = other == granted ? null : other.pieces().overlapping(parts);
            if (piece != null) {
                found.put(other, piece);
            }
        }
        return found;
    }

    /** What others were granted that overlaps, and capture at the moment. */
    List<ScopedHold> taking(Transaction granted, List<ChangedPart> parts) {
        return under(parts.get(0).path().rootName()).stream()
                .filter(other -> other != granted)
                .map(other -> other.pieces().taking(parts))
                .filter(Objects::nonNull)
                .toList();
    }

    /** One of a flow that has something at or below an object. */
    @Nullable
    Transaction of(LockOwner flow, LockPath under) {
        for (Transaction one : under(under.rootName())) {
            if (one.flow().owner().isSameFlow(flow)
                    && one.pieces().parts().stream().anyMatch(part -> under.isAtOrAbove(part.path()))) {
                return one;
            }
        }
        return null;
    }

    private List<Transaction> under(String root) {
        lock.lock();
        try {
            return List.copyOf(byRoot.getOrDefault(root, List.of()));
        } finally {
            lock.unlock();
        }
    }

    /** All that have been granted. */
    List<Transaction> all() {
        lock.lock();
        try {
            return byRoot.values().stream()
                    .flatMap(List::stream)
                    .filter(one -> !one.pieces().isEmpty())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Transaction find(String root, long id) {
        for (Transaction one : under(root)) {
            if (one.admitsOthers() && !one.pieces().isEmpty() && one.id() == id) {
                return one;
            }
        }
        return null;
    }

    /** One of the flow that has been ended, and lasts until a database transaction is over. */
    @Nullable
    Transaction waitingFor(Flow flow, String root, SurroundingTransactions.Running database) {
        for (Transaction one : under(root)) {
            if (one.flow() == flow && one.waitsFor(database)) {
                return one;
            }
        }
        return null;
    }

    void noteLost(Transaction gone, LockLostException told) {
        lock.lock();
        try {
            lost.put(new Id(gone.rootName(), gone.id()), new Lost(gone.flow().owner(), told));
            Iterator<Id> oldest = lost.keySet().iterator();
            while (lost.size() > MOST_LOST) {
                oldest.next();
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Lost findLost(String root, long id) {
        lock.lock();
        try {
            return lost.get(new Id(root, id));
        } finally {
            lock.unlock();
        }
    }
}
