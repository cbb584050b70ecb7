package dev.objectlock.memory;

import dev.objectlock.LockEvent;
import dev.objectlock.LockTime;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Keeps holds in the memory of this process. Nothing is left behind when an object is free, and unrelated objects never
 * wait for each other.
 *
 * <p>Exclusion holds among all who use this one object, and ends with the process: what another process does is not
 * seen. The fence grows over restarts as long as the wall clock is not set back by more than the time in between.
 */
public final class MemoryLockBackend implements LockBackend {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final LockTime time;
    private final Fences fences;
    private final Clients clients = new Clients();
    private final ConcurrentMap<String, Tree> trees = new ConcurrentHashMap<>();
    private final List<MemoryProcess> processes = new CopyOnWriteArrayList<>();

    private MemoryLockBackend(LockTime time) {
        this.time = time;
        this.fences = new Fences(time.now());
    }

    /**
     * Makes an empty store.
     *
     * @return the store
     */
    public static MemoryLockBackend create() {
        return create(LockTime.system());
    }

    /**
     * Makes an empty store with a time of its own, for tests.
     *
     * @param time where time comes from
     * @return the store
     */
    public static MemoryLockBackend create(LockTime time) {
        return new MemoryLockBackend(time);
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public CompletionStage<JoinedProcess> join(ProcessListener listener) {
        // Positive, so that the text has no sign; random, so that no two processes ever have the same.
        String id = "p" + Long.toString(RANDOM.nextLong() >>> 1, 36);
        MemoryProcess process = new MemoryProcess(this, id, listener);
        processes.add(process);
        return CompletableFuture.completedFuture(process);
    }

    @Override
    public void close() {
        processes.forEach(MemoryProcess::leave);
    }

    @Override
    public String toString() {
        return "MemoryLockBackend with " + trees.size() + " trees in use";
    }

    @Override
    public LockTime time() {
        return time;
    }

    Fences fences() {
        return fences;
    }

    Clients clients() {
        return clients;
    }

    Collection<Tree> trees() {
        return trees.values();
    }

    void left(MemoryProcess process) {
        processes.remove(process);
    }

    /** Locks the tree of a root, making it if it is not there. Whoever locks it calls {@link #unlock}. */
    Tree lock(String root) {
        while (true) {
            Tree tree = trees.get(root);
            if (tree == null) {
                Tree fresh = new Tree(this, root);
                fresh.lock();
                tree = trees.putIfAbsent(root, fresh);
                if (tree == null) {
                    return fresh;
                }
            }
            tree.lock();
            if (!tree.gone) {
                return tree;
            }
            tree.unlock();
        }
    }

    /** Unlocks a tree, takes it away if nothing is left in it, and then tells the waiters that were decided. */
    void unlock(Tree tree) {
        List<Runnable> decisions = tree.takeDecisions();
        if (tree.isEmpty() && !tree.gone) {
            tree.gone = true;
            trees.remove(tree.root, tree);
        }
        tree.unlock();
        for (Runnable decision : decisions) {
            decision.run();
        }
    }

    /** Returns whether nothing is held or waited for under a root, so that there is nothing to lock. */
    boolean isFree(String root) {
        return !trees.containsKey(root);
    }

    void announce(LockEvent event) {
        for (MemoryProcess process : processes) {
            process.listener().happened(event);
        }
    }

    void leaseMayBeOver(KeptHeld held) {
        Tree tree = lock(held.claim.path().rootName());
        try {
            tree.leaseMayBeOver(held);
        } finally {
            unlock(tree);
        }
    }
}
