package dev.objectlock.engine;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockEvent;
import dev.objectlock.LockPath;
import dev.objectlock.LockSnapshot;
import dev.objectlock.LockWatcher;
import dev.objectlock.Subscription;
import dev.objectlock.annotation.LockScope;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Who watches what: each with a queue of its own, so that a slow one is told late and harms nobody. */
final class Watches {

    /** A watcher that is further behind than this gets a new snapshot instead of all the changes. */
    static final int MOST_PENDING = 10_000;

    /** When the store could not be asked for a snapshot. */
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final Engine engine;
    private final List<Watch> watches = new CopyOnWriteArrayList<>();

    Watches(Engine engine) {
        this.engine = engine;
    }

    Subscription watch(LockPath under, LockWatcher watcher) {
        Watch watch = new Watch(under, watcher);
        watches.add(watch);
        try {
            watch.begin(engine.ask(() -> "watching " + under, process -> process.watch(under)));
        } catch (RuntimeException | Error failed) {
            watch.close();
            throw failed;
        }
        return watch;
    }

    /** Called by the store, perhaps under a lock of its own. */
    void happened(LockEvent event) {
        for (Watch watch : watches) {
            watch.happened(event);
        }
    }

    /** Changes may have been missed: everybody begins anew. */
    void missed() {
        watches.forEach(Watch::beginAnew);
    }

    void close() {
        watches.forEach(Watch::close);
    }

    private final class Watch implements Subscription {

        private final LockPath under;
        private final LockWatcher watcher;
        private final EventThread thread = new EventThread("watch-" + engine.name());
        private final ReentrantLock lock = new ReentrantLock();
        private final Deque<LockEvent> pending = new ArrayDeque<>();
        private @Nullable LockSnapshot snapshot;
        private boolean begun;
        private boolean gap;

        /** The store could not say what there is: until it can, nothing is told. */
        private boolean waitingForStore;

        private boolean telling;
        private volatile boolean closed;

        Watch(LockPath under, LockWatcher watcher) {
            this.under = under;
            this.watcher = watcher;
        }

        void begin(LockSnapshot first) {
            lock.lock();
            try {
                snapshot = first;
                begun = true;
                tellSoon();
            } finally {
                lock.unlock();
            }
        }

        void beginAnew() {
            lock.lock();
            try {
                pending.clear();
                gap = true;
                waitingForStore = false;
                tellSoon();
            } finally {
                lock.unlock();
            }
        }

        void happened(LockEvent event) {
            LockEvent seen = seen(event);
            if (seen == null || closed) {
                return;
            }
            lock.lock();
            try {
                if (!gap) {
                    pending.add(seen);
                    if (pending.size() > MOST_PENDING) {
                        pending.clear();
                        gap = true;
                    }
                    tellSoon();
                }
            } finally {
                lock.unlock();
            }
        }

        /** With the lock held: has the thread work off what is there, unless it is doing so already. */
        private void tellSoon() {
            if (begun && !telling && !closed && !waitingForStore) {
                telling = true;
                thread.execute(this::tell);
            }
        }

        /** Tells one thing; the next is another task, so that one that fails does not stop the others. */
        private void tell() {
            try {
                Object next = next();
                if (closed || next == null) {
                    return;
                }
                if (next instanceof LockSnapshot known) {
                    watcher.onSnapshot(known);
                } else {
                    watcher.onEvent((LockEvent) next);
                }
            } finally {
                lock.lock();
                try {
                    telling = false;
                    if (snapshot != null || gap || !pending.isEmpty()) {
                        tellSoon();
                    }
                } finally {
                    lock.unlock();
                }
            }
        }

        private @Nullable Object next() {
            lock.lock();
            try {
                if (!gap) {
                    if (snapshot == null) {
                        return pending.poll();
                    }
                    LockSnapshot known = snapshot;
                    snapshot = null;
                    pending.removeIf(event -> event.number() <= known.number());
                    return known;
                }
                // From here on changes are kept again, so that nothing falls between them and the snapshot.
                gap = false;
                snapshot = null;
                pending.clear();
            } finally {
                lock.unlock();
            }
            LockSnapshot fresh;
            try {
                fresh = engine.await(engine.process().watch(under));
            } catch (RuntimeException | Error failed) {
                tryAgainLater();
                throw failed;
            }
            lock.lock();
            try {
                pending.removeIf(event -> event.number() <= fresh.number());
            } finally {
                lock.unlock();
            }
            return new LockSnapshot(under, fresh.number(), fresh.holds(), true);
        }

        private void tryAgainLater() {
            lock.lock();
            try {
                gap = true;
                waitingForStore = true;
            } finally {
                lock.unlock();
            }
            engine.time().schedule(TRY_AGAIN, this::tryAgain);
        }

        private void tryAgain() {
            lock.lock();
            try {
                if (waitingForStore) {
                    waitingForStore = false;
                    tellSoon();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                watches.remove(this);
                thread.close();
                engine.process().unwatch(under);
            }
        }

        /** The part of an event that concerns what is watched; null if there is none. */
        private @Nullable LockEvent seen(LockEvent event) {
            if (!event.root().rootName().equals(under.rootName())) {
                return null;
            }
            if (event instanceof LockEvent.Moved moved) {
                return touches(moved.from()) || touches(moved.to()) ? event : null;
            }
            if (event instanceof LockEvent.Removed removed) {
                return touches(removed.path()) ? event : null;
            }
            // What no longer covers the object did so before.
            boolean always = event instanceof LockEvent.ScopeChanged;
            List<HoldInfo> some = event.holds().stream()
                    .filter(hold -> under.isAtOrAbove(hold.path())
                            || (always || hold.scope() == LockScope.TREE)
                                    && hold.path().isAtOrAbove(under))
                    .toList();
            return some.isEmpty() ? null : event.about(some);
        }

        private boolean touches(LockPath path) {
            return path.isAtOrAbove(under) || under.isAtOrAbove(path);
        }
    }
}
