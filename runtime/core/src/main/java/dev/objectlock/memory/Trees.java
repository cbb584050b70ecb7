package dev.objectlock.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The trees in use, by their roots.
 *
 * <p>A tree comes with the first hold under a root and goes with the last, so a table of the JDK would make an entry for
 * each call, and count it in a counter that all threads share. Here the trees are the entries, and each part of the table
 * keeps one that is free for the next root. A part is locked only while a tree comes or goes; whoever looks for a tree
 * that is there locks nothing but that.
 *
 * <p>Nothing is kept of a root that is free, and yet its fences must grow. So a tree begins with the greatest fence that its
 * part has seen of trees that are gone, and the parts begin at the nanoseconds of the wall clock: no process can grant more
 * often than that, so that a later one never repeats a fence.
 */
final class Trees {

    private static final int PARTS = 256;
    private static final int FIRST_BUCKETS = 4;

    private final MemoryLockBackend backend;
    private final Part[] parts = new Part[PARTS];

    Trees(MemoryLockBackend backend, Instant now) {
        this.backend = backend;
        long firstFence = Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
        for (int i = 0; i < PARTS; i++) {
            parts[i] = new Part(firstFence);
        }
    }

    /** Locks the tree of a root, making it if it is not there. Whoever locks it has to {@link #unlock} it. */
    Tree lock(String root) {
        int hash = spread(root);
        Part part = parts[hash & PARTS - 1];
        Tree tree = part.find(root, hash);
        while (true) {
            if (tree == null) {
                tree = part.makeLocked(backend, root, hash);
                if (tree != null) {
                    return tree;
                }
                tree = part.findForSure(root, hash);
            }
            if (tree != null) {
                tree.lock();
                if (tree.isOf(root)) {
                    return tree;
                }
                tree.unlock();
                tree = null;
            }
        }
    }

    /** Unlocks a tree; if nothing is left in it, it is gone. */
    void unlock(Tree tree) {
        if (tree.isEmpty() && tree.isInUse()) {
            parts[spread(tree.root) & PARTS - 1].remove(tree);
        }
        tree.unlock();
    }

    /** Returns whether there is no tree of a root. */
    boolean isFree(String root) {
        int hash = spread(root);
        return parts[hash & PARTS - 1].isFree(root, hash);
    }

    /** The names of the roots, at about this moment. */
    List<String> roots() {
        List<String> roots = new ArrayList<>();
        for (Part part : parts) {
            part.addRoots(roots);
        }
        return roots;
    }

    private static int spread(String root) {
        int hash = root.hashCode();
        return hash ^ hash >>> 16;
    }

    /** A part of the table. */
    private static final class Part extends Mutex {

        private static final long serialVersionUID = 1L;

        private static final VarHandle VERSION;

        static {
            try {
                VERSION = MethodHandles.lookup().findVarHandle(Part.class, "version", int.class);
            } catch (ReflectiveOperationException impossible) {
                throw new ExceptionInInitializerError(impossible);
            }
        }

        /** Odd while chains are being changed other than by an addition at their beginning. */
        private int version;

        private transient volatile AtomicReferenceArray<@Nullable Tree> buckets =
                new AtomicReferenceArray<>(FIRST_BUCKETS);

        private transient int size;
        private transient @Nullable Tree spare;

        /** The greatest fence of all trees of this part that are gone. */
        private long greatestFence;

        Part(long firstFence) {
            this.greatestFence = firstFence;
        }

        /** Without a lock: may miss a tree, or return one that is no longer that of the root. */
        @Nullable
        Tree find(String root, int hash) {
            AtomicReferenceArray<@Nullable Tree> table = buckets;
            for (Tree tree = table.getAcquire(bucket(hash, table)); tree != null; tree = tree.nextInTable) {
                if (root.equals(tree.root)) {
                    return tree;
                }
            }
            return null;
        }

        boolean isFree(String root, int hash) {
            int before = (int) VERSION.getVolatile(this);
            if (find(root, hash) != null) {
                return false;
            }
            VarHandle.acquireFence();
            if ((before & 1) == 0 && before == (int) VERSION.getVolatile(this)) {
                return true;
            }
            return findForSure(root, hash) == null;
        }

        @Nullable
        Tree findForSure(String root, int hash) {
            lock();
            try {
                return find(root, hash);
            } finally {
                unlock();
            }
        }

        /** Makes the tree of a root, locked by the caller; null if there is one already. */
        @Nullable
        Tree makeLocked(MemoryLockBackend backend, String root, int hash) {
            lock();
            try {
                if (find(root, hash) != null) {
                    return null;
                }
                Tree tree = spare;
                if (tree != null && tree.tryLock()) {
                    spare = null;
                } else {
                    tree = new Tree(backend);
                    tree.lock();
                }
                tree.begin(root, greatestFence);
                if (size >= buckets.length()) {
                    grow();
                }
                size++;
                int bucket = bucket(hash, buckets);
                tree.nextInTable = buckets.getPlain(bucket);
                buckets.setRelease(bucket, tree);
                return tree;
            } finally {
                unlock();
            }
        }

        /** With the mutex of the tree held. */
        void remove(Tree tree) {
            lock();
            try {
                beginChange();
                unlink(tree);
                endChange();
                size--;
                greatestFence = Math.max(greatestFence, tree.endUse());
                spare = tree;
            } finally {
                unlock();
            }
        }

        private void beginChange() {
            VERSION.setRelease(this, version | 1);
            VarHandle.storeStoreFence();
        }

        private void endChange() {
            VERSION.setRelease(this, (version | 1) + 1);
        }

        private void unlink(Tree tree) {
            int bucket = bucket(spread(tree.root), buckets);
            Tree before = buckets.getPlain(bucket);
            if (before == tree) {
                buckets.setRelease(bucket, tree.nextInTable);
                return;
            }
            while (before != null && before.nextInTable != tree) {
                before = before.nextInTable;
            }
            if (before != null) {
                before.nextInTable = tree.nextInTable;
            }
        }

        private void grow() {
            AtomicReferenceArray<@Nullable Tree> old = buckets;
            AtomicReferenceArray<@Nullable Tree> larger = new AtomicReferenceArray<>(old.length() * 2);
            beginChange();
            for (int i = 0; i < old.length(); i++) {
                for (Tree tree = old.get(i); tree != null; ) {
                    Tree next = tree.nextInTable;
                    int bucket = bucket(spread(tree.root), larger);
                    tree.nextInTable = larger.get(bucket);
                    larger.set(bucket, tree);
                    tree = next;
                }
            }
            buckets = larger;
            endChange();
        }

        /** The lowest bits choose the part, the next ones the bucket. */
        private static int bucket(int hash, AtomicReferenceArray<@Nullable Tree> table) {
            return hash >>> 8 & table.length() - 1;
        }

        void addRoots(List<String> roots) {
            lock();
            try {
                for (int i = 0; i < buckets.length(); i++) {
                    for (Tree tree = buckets.get(i); tree != null; tree = tree.nextInTable) {
                        roots.add(tree.root);
                    }
                }
            } finally {
                unlock();
            }
        }
    }
}
