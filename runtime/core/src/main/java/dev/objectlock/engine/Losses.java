package dev.objectlock.engine;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.Loss;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Claim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds that were lost, until their former owner has been told: by {@code onLost}, and by the next call that would have
 * relied on them. The oldest are forgotten when there are very many, so that owners who never come back cost nothing.
 */
final class Losses {

    private static final int MOST = 10_000;

    /** A lost kept hold. */
    private static final class Lost {
        private final HoldInfo hold;
        private final Loss loss;

        Lost(HoldInfo hold, Loss loss) {
            this.hold = hold;
            this.loss = loss;
        }
    }

    /** Each listener on a thread of its own, so that one that blocks keeps nobody from being told. */
    private final Executor listeners = LossThreads.create();

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Lost> byId = new LinkedHashMap<>();
    private final Map<String, Set<Lost>> untoldByRoot = new HashMap<>();
    private final Map<String, List<Consumer<Loss>>> waiting = new HashMap<>();
    private final Map<ScopedHold, List<Consumer<Loss>>> waitingScoped = new HashMap<>();

    /** The kept holds of a store that may lose them without a word, by id; else nothing. */
    private final @Nullable Map<String, HoldInfo> known;

    /** Whether somebody is still to be told: one read for the calls of everybody else. */
    private volatile boolean untold;

    /** Whether any kept hold was ever lost: one read for the calls of everybody else. */
    private volatile boolean anyLost;

    /** Whether anybody wants to hear of a scoped hold: one read for the calls of everybody else. */
    private volatile boolean anyWaitingScoped;

    /**
     * Creates it empty.
     *
     * @param mayForget whether the store may lose all it knows, so that it has to be known here what that was
     */
    Losses(boolean mayForget) {
        known = mayForget ? new LinkedHashMap<>() : null;
    }

    /** Kept holds are there, or are otherwise than before. */
    void known(List<HoldInfo> holds) {
        if (known != null) {
            lock.lock();
            try {
                holds.forEach(hold -> known.put(hold.id(), hold));
            } finally {
                lock.unlock();
            }
        }
    }

    /** Everything that was known is gone. */
    List<HoldInfo> allKnown() {
        lock.lock();
        try {
            return known == null ? List.of() : List.copyOf(known.values());
        } finally {
            lock.unlock();
        }
    }

    /** The objects of holds have got new paths, also of those that were lost. */
    void moved(LockPath from, LockPath to) {
        if (!untold) {
            return;
        }
        lock.lock();
        try {
            for (Lost lost : List.copyOf(untoldByRoot.getOrDefault(from.rootName(), Set.of()))) {
                if (from.isAtOrAbove(lost.hold.path())) {
                    Lost moved = new Lost(lost.hold.at(lost.hold.path().moved(from, to)), lost.loss);
                    told(lost);
                    byId.put(moved.hold.id(), moved);
                    untold(moved);
                }
            }
            untold = !untoldByRoot.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void untold(Lost lost) {
        untoldByRoot
                .computeIfAbsent(lost.hold.path().rootName(), root -> new LinkedHashSet<>())
                .add(lost);
    }

    /** Kept holds were lost. A loss that is told again is the same. */
    void lost(List<HoldInfo> holds, Loss loss) {
        lock.lock();
        try {
            for (HoldInfo hold : holds) {
                if (known != null) {
                    known.remove(hold.id());
                }
                if (byId.containsKey(hold.id())) {
                    continue;
                }
                Lost lost = new Lost(hold, loss);
                byId.put(hold.id(), lost);
                anyLost = true;
                untold(lost);
                tell(waiting.remove(hold.id()), loss);
            }
            for (Iterator<Lost> oldest = byId.values().iterator(); byId.size() > MOST; ) {
                told(oldest.next());
                oldest.remove();
            }
            untold = !untoldByRoot.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Holds ended in another way: whoever wanted to hear of their loss never will. */
    void ended(List<HoldInfo> holds) {
        lock.lock();
        try {
            for (HoldInfo hold : holds) {
                waiting.remove(hold.id());
                if (known != null) {
                    known.remove(hold.id());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void lost(ScopedHold hold, Loss loss) {
        lock.lock();
        try {
            hold.lost(loss);
            tell(waitingScoped.remove(hold), loss);
        } finally {
            lock.unlock();
        }
    }

    /** All scoped holds of a membership have ended with it. */
    void over(Membership membership, Loss loss) {
        lock.lock();
        try {
            for (ScopedHold hold : List.copyOf(waitingScoped.keySet())) {
                if (hold.membership() == membership && hold.hasScopedClaim()) {
                    tell(waitingScoped.remove(hold), loss);
                }
            }
            anyWaitingScoped = !waitingScoped.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    void ended(ScopedHold hold) {
        if (!anyWaitingScoped) {
            return;
        }
        lock.lock();
        try {
            waitingScoped.remove(hold);
            anyWaitingScoped = !waitingScoped.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Returns what stops it. */
    Runnable whenLost(List<String> ids, Consumer<Loss> listener) {
        Consumer<Loss> once = onlyOnce(listener);
        lock.lock();
        try {
            for (String id : ids) {
                Lost lost = byId.get(id);
                if (lost != null) {
                    tell(List.of(once), lost.loss);
                } else {
                    waiting.computeIfAbsent(id, key -> new ArrayList<>(1)).add(once);
                }
            }
        } finally {
            lock.unlock();
        }
        return () -> stop(waiting, ids, once);
    }

    private <K> void stop(Map<K, List<Consumer<Loss>>> from, List<K> keys, Consumer<Loss> listener) {
        lock.lock();
        try {
            for (K key : keys) {
                List<Consumer<Loss>> known = from.get(key);
                if (known != null && known.remove(listener) && known.isEmpty()) {
                    from.remove(key);
                }
            }
            anyWaitingScoped = !waitingScoped.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Returns what stops it. */
    Runnable whenLost(ScopedHold hold, Consumer<Loss> listener) {
        List<ScopedHold> all = new ArrayList<>(hold.others());
        all.add(hold);
        Consumer<Loss> once = onlyOnce(listener);
        all.forEach(one -> whenOneLost(one, once));
        return () -> stop(waitingScoped, all, once);
    }

    private void whenOneLost(ScopedHold hold, Consumer<Loss> listener) {
        lock.lock();
        try {
            Loss loss = hold.loss();
            if (loss != null) {
                tell(List.of(listener), loss);
                return;
            }
            anyWaitingScoped = true;
            waitingScoped.computeIfAbsent(hold, key -> new ArrayList<>(1)).add(listener);
        } finally {
            lock.unlock();
        }
        if (!hold.isOngoing()) {
            // It ended before it could know that somebody waits.
            ended(hold);
        }
    }

    /** Nobody waits for the loss of these any more. */
    void forget(List<String> ids) {
        lock.lock();
        try {
            ids.forEach(waiting::remove);
        } finally {
            lock.unlock();
        }
    }

    Optional<Loss> ofHold(String id) {
        lock.lock();
        try {
            return Optional.ofNullable(byId.get(id)).map(lost -> lost.loss);
        } finally {
            lock.unlock();
        }
    }

    /** Whether any owner has still to be told. */
    boolean anyUntold() {
        return untold;
    }

    /** Finds a loss that an owner has not been told of and that mattered for a claim; it counts as told then. */
    @Nullable
    Loss tell(LockOwner owner, Claim claim) {
        lock.lock();
        try {
            for (Lost lost : untoldByRoot.getOrDefault(claim.path().rootName(), Set.of())) {
                if (lost.hold.belongsTo(owner) && mattered(lost.hold, claim)) {
                    told(lost);
                    return lost.loss;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Finds a loss among holds that a call took; it counts as told then. */
    @Nullable
    Loss tellOfHolds(List<Answer.Kept> holds) {
        if (!anyLost) {
            return null;
        }
        lock.lock();
        try {
            for (Answer.Kept hold : holds) {
                Lost lost = byId.get(hold.ref().id());
                if (lost != null) {
                    told(lost);
                    return lost.loss;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void told(Lost lost) {
        String root = lost.hold.path().rootName();
        Set<Lost> ofRoot = untoldByRoot.get(root);
        if (ofRoot != null && ofRoot.remove(lost) && ofRoot.isEmpty()) {
            untoldByRoot.remove(root);
            untold = !untoldByRoot.isEmpty();
        }
    }

    /** The owner has the hold again: nothing needs to be told. */
    void takenAgain(LockOwner owner, LockPath path, LockMode mode, long fence) {
        forget(owner, path, Set.of(mode), fence);
    }

    /** Returns whether holds of an owner on exactly one object were lost and not told; they are told with this. */
    boolean forget(LockOwner owner, LockPath path, Set<LockMode> modes) {
        return forget(owner, path, modes, Long.MAX_VALUE);
    }

    private boolean forget(LockOwner owner, LockPath path, Set<LockMode> modes, long before) {
        if (!untold) {
            return false;
        }
        lock.lock();
        try {
            List<Lost> found = untoldByRoot.getOrDefault(path.rootName(), Set.of()).stream()
                    .filter(lost -> lost.hold.path().equals(path)
                            && lost.hold.fence() < before
                            && modes.contains(lost.hold.mode())
                            && lost.hold.belongsTo(owner))
                    .toList();
            found.forEach(this::told);
            return !found.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private static boolean mattered(HoldInfo hold, Claim claim) {
        return hold.path().equals(claim.path())
                || hold.scope() == LockScope.TREE && hold.path().isAtOrAbove(claim.path());
    }

    private void tell(@Nullable List<Consumer<Loss>> told, Loss loss) {
        if (told != null) {
            told.forEach(listener -> listeners.execute(() -> listener.accept(loss)));
        }
    }

    private static Consumer<Loss> onlyOnce(Consumer<Loss> listener) {
        AtomicBoolean told = new AtomicBoolean();
        return loss -> {
            if (!told.getAndSet(true)) {
                listener.accept(loss);
            }
        };
    }
}
