package dev.objectlock.memory;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockPath;
import dev.objectlock.UndoEntry;
import dev.objectlock.UndoHistory;
import dev.objectlock.UndoStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Histories in the memory of this process, with bounds. Thread-safe: one lock, for as long as a list takes. */
public final class MemoryUndoHistory implements UndoHistory {

    /** What an entry takes besides its states, about. */
    private static final long BYTES_OF_ENTRY = 256;

    private final int mostSteps;
    private final long mostBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Stacks> byRoot = new HashMap<>();

    /** All steps, the oldest first, for the bound of bytes. */
    private final Set<Kept> all = new LinkedHashSet<>();

    private long bytes;

    /** A step in one of the stacks; what it leads to changes, the entry does not. */
    private static final class Kept {
        private final Stacks stacks;
        private UndoStep step;
        private long bytes;

        /** For one that is being undone or redone: how many commits there had been. */
        private long started = -1;

        Kept(Stacks stacks, UndoStep step) {
            this.stacks = stacks;
            this.step = step;
        }

        long id() {
            return step.entry().id();
        }
    }

    /** The history of one root; the last of a list is on top. */
    private static final class Stacks {
        private final LockPath root;
        private final List<Kept> undo = new ArrayList<>();
        private final List<Kept> redo = new ArrayList<>();
        private long commits;

        Stacks(LockPath root) {
            this.root = root;
        }

        List<Kept> of(Direction direction) {
            return direction == Direction.UNDO ? undo : redo;
        }

        boolean isEmpty() {
            return undo.isEmpty() && redo.isEmpty();
        }

        int size() {
            return undo.size() + redo.size();
        }

        Stream<Kept> steps() {
            return Stream.concat(undo.stream(), redo.stream());
        }
    }

    /**
     * Creates an empty history.
     *
     * @param steps the most steps of one root, at least 1
     * @param bytes the most bytes of all states, at least 1
     * @throws LockConfigurationException if a bound is less than it must be
     */
    public MemoryUndoHistory(int steps, long bytes) {
        if (steps < 1 || bytes < 1) {
            throw new LockConfigurationException("a history has room for at least 1 step and 1 byte, but " + steps
                    + " steps and " + bytes + " bytes were asked for");
        }
        this.mostSteps = steps;
        this.mostBytes = bytes;
    }

    @Override
    public void commit(UndoStep step) {
        lock.lock();
        try {
            LockPath root = step.entry().root();
            Stacks stacks = byRoot.computeIfAbsent(root.rootName(), name -> new Stacks(root));
            stacks.commits++;
            List.copyOf(stacks.redo).forEach(this::drop);
            if (step.bytes() > mostBytes - BYTES_OF_ENTRY) {
                // What came before cannot be undone without undoing this.
                List.copyOf(stacks.undo).forEach(this::drop);
                byRoot.remove(root.rootName());
                return;
            }
            // It is taken out when it gets empty, also in between.
            byRoot.put(root.rootName(), stacks);
            add(new Kept(stacks, step), stacks.undo);
            trim(stacks);
        } finally {
            lock.unlock();
        }
    }

    private void add(Kept kept, List<Kept> stack) {
        stack.add(kept);
        all.add(kept);
        count(kept);
    }

    private void count(Kept kept) {
        bytes -= kept.bytes;
        kept.bytes = BYTES_OF_ENTRY + kept.step.bytes();
        bytes += kept.bytes;
    }

    private void drop(Kept kept) {
        if (all.remove(kept)) {
            bytes -= kept.bytes;
        }
        Stacks stacks = kept.stacks;
        stacks.undo.remove(kept);
        stacks.redo.remove(kept);
        if (stacks.isEmpty()) {
            byRoot.remove(stacks.root.rootName(), stacks);
        }
    }

    private void trim(Stacks stacks) {
        while (stacks.size() > mostSteps) {
            drop(oldest(stacks));
        }
        while (bytes > mostBytes && !all.isEmpty()) {
            drop(oldest(all.iterator().next().stacks));
        }
    }

    /** What would be undone last; without that, what would be redone last: nothing behind it could be reached then. */
    private static Kept oldest(Stacks stacks) {
        return stacks.undo.isEmpty() ? stacks.redo.get(0) : stacks.undo.get(0);
    }

    @Override
    public Optional<UndoStep> next(LockPath root, Direction direction) {
        lock.lock();
        try {
            Kept top = top(byRoot.get(root.rootName()), direction);
            return Optional.ofNullable(top).map(kept -> kept.step);
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable Kept top(@Nullable Stacks stacks, Direction direction) {
        if (stacks == null || stacks.of(direction).isEmpty()) {
            return null;
        }
        List<Kept> stack = stacks.of(direction);
        return stack.get(stack.size() - 1);
    }

    @Override
    public boolean start(UndoStep step, Direction direction) {
        lock.lock();
        try {
            Stacks stacks = byRoot.get(step.entry().root().rootName());
            Kept top = top(stacks, direction);
            if (stacks == null || top == null || !isSame(top.step, step) || top.started >= 0) {
                return false;
            }
            top.started = stacks.commits;
            if (direction == Direction.REDO) {
                stacks.redo.remove(top);
                stacks.undo.add(top);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Undone and redone in between, or moved, it leads to another state, and is another step. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(UndoStep one, UndoStep other) {
        return one == other;
    }

    @Override
    public void finish(UndoStep step, Direction direction, UndoStep back) {
        end(step, direction, back);
    }

    @Override
    public void abandon(UndoStep step, Direction direction) {
        end(step, direction, null);
    }

    private void end(UndoStep step, Direction direction, @Nullable UndoStep back) {
        lock.lock();
        try {
            Kept kept = started(step);
            if (kept == null) {
                return;
            }
            boolean last = kept.started == kept.stacks.commits;
            kept.started = -1;
            if (back != null) {
                // Where the objects are by now.
                kept.step = back.in(kept.step.entry());
                count(kept);
            }
            boolean isUndone = (direction == Direction.UNDO) == (back != null);
            if (isUndone) {
                undone(kept, last);
            }
            trim(kept.stacks);
        } finally {
            lock.unlock();
        }
    }

    /** What was undone can be redone, unless something was committed since. */
    private void undone(Kept kept, boolean last) {
        kept.stacks.undo.remove(kept);
        if (last) {
            kept.stacks.redo.add(kept);
        } else {
            drop(kept);
        }
    }

    /** Null if it has been forgotten meanwhile. */
    private @Nullable Kept started(UndoStep step) {
        Stacks stacks = byRoot.get(step.entry().root().rootName());
        return stacks == null
                ? null
                : stacks.steps()
                        .filter(kept ->
                                kept.started >= 0 && kept.id() == step.entry().id())
                        .findFirst()
                        .orElse(null);
    }

    @Override
    public List<UndoEntry> list(LockPath root, Direction direction) {
        lock.lock();
        try {
            Stacks stacks = byRoot.get(root.rootName());
            List<UndoEntry> entries = new ArrayList<>();
            if (stacks != null) {
                List<Kept> stack = stacks.of(direction);
                for (int i = stack.size() - 1; i >= 0; i--) {
                    entries.add(stack.get(i).step.entry());
                }
            }
            return entries;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<UndoEntry> clear(LockPath root, long before) {
        lock.lock();
        try {
            Stacks stacks = byRoot.get(root.rootName());
            if (stacks == null) {
                return List.of();
            }
            List<Kept> gone = stacks.steps().filter(kept -> kept.id() < before).toList();
            gone.forEach(this::drop);
            return gone.stream().map(kept -> kept.step.entry()).toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void moved(LockPath from, LockPath to) {
        lock.lock();
        try {
            Stacks stacks = byRoot.get(from.rootName());
            if (stacks != null) {
                follow(stacks, from, to);
            }
        } finally {
            lock.unlock();
        }
    }

    private void follow(Stacks stacks, LockPath from, LockPath to) {
        try {
            List<UndoStep> moved =
                    stacks.steps().map(kept -> kept.step.moved(from, to)).toList();
            Iterator<UndoStep> next = moved.iterator();
            stacks.steps().forEach(kept -> kept.step = next.next());
        } catch (LockConfigurationException tooLong) {
            // What has no path any more cannot be undone, nor what came before it.
            stacks.steps().toList().forEach(this::drop);
        }
    }

    @Override
    public List<LockPath> roots() {
        lock.lock();
        try {
            Set<LockPath> roots = new TreeSet<>();
            for (Iterator<Stacks> each = byRoot.values().iterator(); each.hasNext(); ) {
                roots.add(each.next().root);
            }
            return List.copyOf(roots);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "MemoryUndoHistory of " + roots().size() + " roots";
    }
}
