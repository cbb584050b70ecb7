package dev.objectlock.memory;

import dev.objectlock.LockOwner;
import dev.objectlock.annotation.LockMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Which kept holds, and which waiters, end with which client. */
final class Clients {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, User> users = new HashMap<>();

    /** All of one user's. */
    private static final class User {
        final Set<String> open = new HashSet<>();
        final Set<KeptHeld> userHolds = new LinkedHashSet<>();
        final Map<String, Set<KeptHeld>> clientHolds = new HashMap<>();
        final Map<String, Set<Waiter>> waiters = new HashMap<>();

        boolean isEmpty() {
            return open.isEmpty() && userHolds.isEmpty() && clientHolds.isEmpty() && waiters.isEmpty();
        }
    }

    /**
     * What ends with a client.
     *
     * @param holds its kept holds, and with the last client the user's
     * @param waiters its places in lines
     */
    record Ending(List<KeptHeld> holds, List<Waiter> waiters) {}

    void open(LockOwner client) {
        locked(() -> user(client).open.add(name(client)));
    }

    void add(KeptHeld held) {
        locked(() -> {
            User user = user(held.owner);
            held.byClient = user.open.contains(name(held.owner));
            if (held.terms().mode() == LockMode.USER) {
                user.userHolds.add(held);
            } else {
                user.clientHolds
                        .computeIfAbsent(name(held.owner), key -> new LinkedHashSet<>())
                        .add(held);
            }
        });
    }

    /** Whether a user hold, taken by clients alone, still has one of them, perhaps in another process. */
    boolean livesOn(KeptHeld held) {
        lock.lock();
        try {
            User user = users.get(key(held.owner));
            return held.terms().mode() == LockMode.USER && held.byClient && user != null && !user.open.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** A user hold that was also taken through the process itself outlives the user's clients. */
    void takenAgain(MemoryProcess process, KeptHeld held, LockOwner owner) {
        if (process.id().equals(owner.client())) {
            locked(() -> held.byClient = false);
        }
    }

    void remove(KeptHeld held) {
        locked(() -> {
            User user = user(held.owner);
            if (held.terms().mode() == LockMode.USER) {
                user.userHolds.remove(held);
            } else {
                removeFrom(user.clientHolds, name(held.owner), held);
            }
            forget(held.owner, user);
        });
    }

    void add(Waiter waiter) {
        LockOwner owner = waiter.ask.owner();
        locked(() -> user(owner)
                .waiters
                .computeIfAbsent(name(owner), key -> new LinkedHashSet<>())
                .add(waiter));
    }

    void remove(Waiter waiter) {
        LockOwner owner = waiter.ask.owner();
        locked(() -> {
            User user = user(owner);
            removeFrom(user.waiters, name(owner), waiter);
            forget(owner, user);
        });
    }

    /** Marks a client as ended and returns what has to end with it. */
    Ending end(LockOwner client) {
        lock.lock();
        try {
            User user = user(client);
            user.open.remove(name(client));
            List<KeptHeld> holds = new ArrayList<>(user.clientHolds.getOrDefault(name(client), Set.of()));
            if (user.open.isEmpty()) {
                user.userHolds.stream().filter(held -> held.byClient).forEach(holds::add);
            }
            List<Waiter> waiters = new ArrayList<>(user.waiters.getOrDefault(name(client), Set.of()));
            forget(client, user);
            return new Ending(holds, waiters);
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    private User user(LockOwner owner) {
        return users.computeIfAbsent(key(owner), key -> new User());
    }

    private void forget(LockOwner owner, User user) {
        if (user.isEmpty()) {
            users.remove(key(owner));
        }
    }

    private static <V> void removeFrom(Map<String, Set<V>> sets, String key, V value) {
        @Nullable Set<V> set = sets.get(key);
        if (set != null && set.remove(value) && set.isEmpty()) {
            sets.remove(key);
        }
    }

    private static String key(LockOwner owner) {
        return owner.user() == null ? "nobody" : "u" + owner.user();
    }

    private static String name(LockOwner owner) {
        return String.valueOf(owner.client());
    }
}
