package dev.objectlock.engine;

import dev.objectlock.ChangedPart;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockLostException;
import dev.objectlock.LockOwner;
import dev.objectlock.SurroundingTransactions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The transactions of a process that are open, root by root, and those that were lost not long ago. Thread-safe. */
final class OpenTransactions {

    private static final int MOST_LOST = 1_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, List<Transaction>> byRoot = new HashMap<>();
    private final Map<Id, Lost> lost = new LinkedHashMap<>();

    private record Id(String root, long id) {}

    /** What is known of a transaction that was lost. */
    record Lost(LockOwner owner, LockLostException told) {}

    /**
     * A transaction asks for parts.
     *
     * @throws LockConfigurationException if another one of the same flow has, or asks for, something that overlaps
     */
    void claim(Transaction asking, List<ChangedPart> parts) {
        String root = parts.get(0).path().rootName();
        lock.lock();
        try {
            List<Transaction> there = byRoot.computeIfAbsent(root, name -> new ArrayList<>(2));
            for (Transaction other : there) {
                if (other != asking && other.isOfFlow(asking.flow())) {
                    checkApart(asking, parts, other);
                }
            }
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
                throw new LockConfigurationException(
                        "the transaction \"" + asking.name() + "\" asks for " + part
                                + ", which overlaps what \"" + other.name()
                                + "\" has, an open transaction of the same flow; end that one first, or be part of it (REQUIRED)");
            }
        }
    }

    /** A transaction has ended, or never had anything. Returns whether none is left under its root. */
    boolean remove(Transaction ended, String root) {
        lock.lock();
        try {
            List<Transaction> there = byRoot.get(root);
            if (there == null || !there.remove(ended)) {
                return false;
            }
            if (there.isEmpty()) {
                byRoot.remove(root);
                return true;
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** The others that were granted something that overlaps: they must have lost it. */
    List<Transaction> overlapping(Transaction granted, List<ChangedPart> parts) {
        List<Transaction> found = new ArrayList<>(2);
        for (Transaction other : under(parts.get(0).path().rootName())) {
            if (other != granted && parts.stream().anyMatch(other.pieces()::overlaps)) {
                found.add(other);
            }
        }
        return found;
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
            if (!one.pieces().isEmpty() && one.id() == id) {
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
