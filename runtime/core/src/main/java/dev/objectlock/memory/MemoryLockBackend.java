package dev.objectlock.memory;

import dev.objectlock.LockEvent;
import dev.objectlock.LockTime;
import dev.objectlock.Loss;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
    private final @Nullable Duration processTimeout;
    private final Clients clients = new Clients();
    private final Trees trees;
    private final Names names = new Names();
    private final ConcurrentMap<String, KeptHeld> tokens = new ConcurrentHashMap<>();
    private final List<MemoryProcess> processes = new CopyOnWriteArrayList<>();

    /** For each root in which there is a history, whose it is. */
    private final ConcurrentMap<String, HistoryOf> histories = new ConcurrentHashMap<>();

    private volatile String epoch = secret();

    private MemoryLockBackend(LockTime time, @Nullable Duration processTimeout) {
        this.time = time;
        this.processTimeout = processTimeout;
        this.trees = new Trees(this, time.now());
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
        return new MemoryLockBackend(time, null);
    }

    /**
     * Makes an empty store that takes a process for dead when it has been silent for too long, as a store on another
     * machine does: for tests of what happens then.
     *
     * @param time where time comes from
     * @param processTimeout after how long a silence
     * @return the store
     */
    public static MemoryLockBackend create(LockTime time, Duration processTimeout) {
        return new MemoryLockBackend(time, processTimeout);
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public CompletionStage<JoinedProcess> join(ProcessListener listener) {
        MemoryProcess process = new MemoryProcess(this, "p" + secret(), listener);
        processes.add(process);
        process.watchPulse();
        return CompletableFuture.completedFuture(process);
    }

    /**
     * Forgets everything and tells nobody, as a store on another machine does that restarts without its data: for tests.
     * Fences go on growing.
     */
    public void forgetAll() {
        epoch = secret();
        for (MemoryProcess process : processes) {
            process.forgotten();
        }
        processes.clear();
        clients.clear();
        tokens.clear();
        histories.clear();
        // Last, since waiters are told of it, and may come back at once with a process that is new.
        forEachTree(Tree::forgetAll);
    }

    @Override
    public void close() {
        processes.forEach(MemoryProcess::leave);
        clients.clear();
    }

    @Override
    public String toString() {
        return "MemoryLockBackend with " + trees.roots().size() + " trees in use";
    }

    @Override
    public LockTime time() {
        return time;
    }

    @Override
    public Optional<Duration> processTimeout() {
        return Optional.ofNullable(processTimeout);
    }

    /** Random enough that nobody meets or guesses it, and without a sign. */
    static String secret() {
        return Long.toString(RANDOM.nextLong() >>> 1, 36) + Long.toString(RANDOM.nextLong() >>> 1, 36);
    }

    String epoch() {
        return epoch;
    }

    Names names() {
        return names;
    }

    Clients clients() {
        return clients;
    }

    /** The names of all roots under which something is held or waited for. */
    List<String> rootNames() {
        // Somebody may merely be looking: then there is a tree for a moment, and nothing in it.
        return trees.roots().stream()
                .filter(root -> inTree(root, tree -> !tree.isEmpty()))
                .toList();
    }

    void left(MemoryProcess process) {
        processes.remove(process);
        histories.values().removeIf(last -> last.process == process);
    }

    /** Who was the last to be granted a transaction under a root, and since which fence all were of that process. */
    private record HistoryOf(MemoryProcess process, long since) {}

    /** Called in the tree. */
    void transactionGranted(MemoryProcess process, Ask ask) {
        HistoryOf last = histories.get(ask.rootName());
        if (last != null && last.process == process) {
            ask.ownSince(last.since);
            return;
        }
        histories.put(ask.rootName(), new HistoryOf(process, ask.fence()));
        ask.ownSince(ask.fence());
        if (last != null) {
            last.process.listener().historyOver(ask.rootName(), ask.fence());
        }
    }

    void forgetHistory(String root, MemoryProcess process) {
        histories.computeIfPresent(root, (name, last) -> last.process == process ? null : last);
    }

    /** Locks the tree of a root, making it if it is not there. Whoever locks it calls {@link #unlock}. */
    Tree lock(String root) {
        return trees.lock(root);
    }

    /** Unlocks a tree, takes it away if nothing is left in it, and then tells the waiters that were decided. */
    void unlock(Tree tree) {
        List<Runnable> decisions = tree.takeDecisions();
        trees.unlock(tree);
        for (Runnable decision : decisions) {
            decision.run();
        }
    }

    <T extends @Nullable Object> T inTree(String root, Function<Tree, T> work) {
        Tree tree = lock(root);
        try {
            return work.apply(tree);
        } finally {
            unlock(tree);
        }
    }

    void forEachTree(Consumer<Tree> work) {
        for (String root : trees.roots()) {
            inTree(root, tree -> {
                work.accept(tree);
                return true;
            });
        }
    }

    /** Returns whether nothing is held or waited for under a root, so that there is nothing to lock. */
    boolean isFree(String root) {
        return trees.isFree(root);
    }

    void announce(LockEvent event) {
        for (MemoryProcess process : processes) {
            process.told(event);
        }
    }

    void mayBeOver(KeptHeld held) {
        inTree(rootOf(held), tree -> {
            tree.mayBeOver(held);
            return true;
        });
    }

    void maxHoldOver(ScopedHeld held) {
        Loss loss = new Loss(Loss.Reason.MAX_HOLD_OVER, null, null, time.now());
        inTree(rootOf(held), tree -> tree.loseScoped(held, loss, Ending.expired(loss.reason())));
    }

    /** Ends what ends with a client: in each tree, everything at once. */
    int end(Clients.Ending ending, Ending how) {
        byRoot(ending.waiters(), waiter -> waiter.ask.rootName())
                .forEach((root, waiters) -> inTree(root, tree -> {
                    tree.dismiss(waiters::contains, new Answer.ClientEnded());
                    return true;
                }));
        if (ending.renews() != null && ending.lease() != null) {
            ending.renews().listener().mustRenew(ending.lease());
        }
        int[] ended = {0};
        byRoot(ending.holds(), MemoryLockBackend::rootOf)
                .forEach((root, holds) ->
                        ended[0] += inTree(root, tree -> tree.end(holds, how)).size());
        return ended[0];
    }

    private static <T> Map<String, List<T>> byRoot(List<T> things, Function<T, String> root) {
        return things.stream().collect(Collectors.groupingBy(root, LinkedHashMap::new, Collectors.toList()));
    }

    /** A hold never leaves its root, so this needs no mutex. */
    static String rootOf(Held held) {
        return held.claim.path().rootName();
    }

    String tokenOf(KeptHeld held) {
        String token = held.token();
        if (token == null) {
            token = secret();
            held.token(token);
            tokens.put(token, held);
        }
        return token;
    }

    @Nullable
    KeptHeld withToken(String token) {
        return tokens.get(token);
    }

    void forget(String token) {
        tokens.remove(token);
    }
}
