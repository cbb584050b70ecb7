package dev.objectlock.memory;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockStatus;
import dev.objectlock.Loss;
import dev.objectlock.Released;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Guard;
import dev.objectlock.backend.GuardAnswer;
import dev.objectlock.backend.HoldRef;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.ProcessListener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** A process that keeps its holds in this memory: locks the tree in question, asks it, and tells what came of it. */
final class MemoryProcess implements JoinedProcess {

    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);
    private static final CompletionStage<GuardAnswer> PASSED = CompletableFuture.completedFuture(GuardAnswer.PASSED);

    private final MemoryLockBackend backend;
    private final String id;
    private final ProcessListener listener;

    /** Who has to be ended with the process. */
    private final Set<LockOwner> clients = ConcurrentHashMap.newKeySet();

    /** Set before what it holds is looked for, so that nothing is granted behind the back of that search. */
    private volatile boolean left;

    MemoryProcess(MemoryLockBackend backend, String id, ProcessListener listener) {
        this.backend = backend;
        this.id = id;
        this.listener = listener;
    }

    MemoryLockBackend backend() {
        return backend;
    }

    ProcessListener listener() {
        return listener;
    }

    boolean hasLeft() {
        return left;
    }

    void lost(Ask ask) {
        listener.lost(
                ask, new Loss(Loss.Reason.CLOSED, null, null, backend.time().now()));
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public CompletionStage<Answer> ask(Ask ask) {
        Tree tree = backend.lock(ask.rootName());
        Answer answer;
        try {
            answer = tree.ask(this, ask);
        } finally {
            backend.unlock(tree);
        }
        return CompletableFuture.completedFuture(answer);
    }

    @Override
    public CompletionStage<Optional<Answer.Refused>> withdraw(Ask ask) {
        return inTree(ask.rootName(), (tree) -> Optional.ofNullable(tree.withdraw(ask)));
    }

    @Override
    public CompletionStage<Void> giveBack(Ask ask) {
        if (ask.attachment() instanceof ScopedHeld first) {
            Tree tree = first.tree;
            tree.lock();
            try {
                tree.giveBack(first);
            } finally {
                backend.unlock(tree);
            }
        }
        return DONE;
    }

    @Override
    public CompletionStage<Integer> giveBack(Collection<HoldRef> holds) {
        if (holds.isEmpty()) {
            return CompletableFuture.completedFuture(0);
        }
        List<KeptHeld> kept = holds.stream().map(KeptHeld.class::cast).toList();
        return inTree(
                root(kept.get(0)), (tree) -> tree.end(kept, Ending.RELEASED).size());
    }

    @Override
    public CompletionStage<Released> release(LockPath path, Set<LockMode> modes, LockOwner owner) {
        if (backend.isFree(path.rootName())) {
            return CompletableFuture.completedFuture(Released.NOT_HELD);
        }
        return inTree(path.rootName(), (tree) -> {
            List<KeptHeld> own = keptOn(tree, path, modes, owner);
            // What turns out to be over is not released any more; the process knows that it was lost.
            if (!tree.end(own, Ending.RELEASED).isEmpty()) {
                return Released.RELEASED;
            }
            List<Held> there = tree.holds().covering(path);
            if (there.stream().anyMatch(held -> !held.belongsTo(owner))) {
                return Released.NOT_YOURS;
            }
            boolean covered = there.stream()
                    .anyMatch(held -> held.isKept() && !held.claim.path().equals(path));
            return covered ? Released.COVERED_BY : Released.NOT_HELD;
        });
    }

    @Override
    public CompletionStage<List<HoldRef>> find(LockPath path, Set<LockMode> modes, LockOwner owner) {
        return inTree(path.rootName(), (tree) -> List.copyOf(keptOn(tree, path, modes, owner)));
    }

    @Override
    public CompletionStage<Optional<HoldInfo>> inspect(HoldRef hold) {
        return look((KeptHeld) hold, false);
    }

    @Override
    public CompletionStage<Optional<HoldInfo>> renew(HoldRef hold) {
        return look((KeptHeld) hold, true);
    }

    private CompletionStage<Optional<HoldInfo>> look(KeptHeld held, boolean use) {
        return inTree(root(held), (tree) -> {
            tree.endIfOver(held);
            if (held.isEnded()) {
                return Optional.empty();
            }
            if (use) {
                held.used(backend.time().nanoTime());
            }
            return Optional.of(held.info(backend.time()));
        });
    }

    @Override
    public CompletionStage<List<HoldInfo>> override(LockPath path, LockOwner by, String reason) {
        return inTree(path.rootName(), (tree) -> {
            List<KeptHeld> kept = new ArrayList<>();
            for (Held held : tree.holds().on(path)) {
                if (held instanceof KeptHeld one) {
                    kept.add(one);
                }
            }
            return tree.end(kept, Ending.overriddenBy(by, reason));
        });
    }

    @Override
    public CompletionStage<GuardAnswer> guard(Guard guard) {
        if (!guard.mustBeHeld() && backend.isFree(guard.claim().path().rootName())) {
            return PASSED;
        }
        return inTree(guard.claim().path().rootName(), (tree) -> guard(tree, guard));
    }

    private GuardAnswer guard(Tree tree, Guard guard) {
        Held inTheWay = tree.inTheWayOf(guard.claim(), guard.owner());
        if (inTheWay != null) {
            return new GuardAnswer.InTheWay(tree.blocker(inTheWay));
        }
        if (!guard.mustBeHeld() && !tree.holds().hasLeases()) {
            return GuardAnswer.PASSED;
        }
        List<KeptHeld> own = tree.keptCovering(guard.claim().path(), guard.owner());
        if (guard.mustBeHeld()
                && own.stream()
                        .noneMatch(held -> held.claim.covers(guard.claim())
                                && held.terms()
                                        .access()
                                        .includes(guard.claim().terms().access()))) {
            return new GuardAnswer.NotHeld();
        }
        List<KeptHeld> leased = own.stream().filter(KeptHeld::hasLease).toList();
        if (leased.isEmpty()) {
            return GuardAnswer.PASSED;
        }
        leased.forEach(KeptHeld::beginUse);
        return new GuardAnswer.Passed(() -> inTree(tree.root, same -> {
            long nanoTime = backend.time().nanoTime();
            leased.forEach(held -> held.endUse(nanoTime));
            return true;
        }));
    }

    @Override
    public CompletionStage<Optional<Answer.Refused>> check(Ask ask) {
        return inTree(ask.rootName(), (tree) -> Optional.ofNullable(tree.check(ask)));
    }

    @Override
    public CompletionStage<Void> openClient(LockOwner client) {
        clients.add(client);
        backend.clients().open(client);
        if (left) {
            endClient(client);
        }
        return DONE;
    }

    @Override
    public CompletionStage<Void> endClient(LockOwner client) {
        clients.remove(client);
        Clients.Ending ending = backend.clients().end(client);
        ending.waiters().stream()
                .collect(java.util.stream.Collectors.groupingBy(
                        waiter -> waiter.ask.rootName(),
                        java.util.LinkedHashMap::new,
                        java.util.stream.Collectors.toList()))
                .forEach((root, waiters) -> inTree(root, (tree) -> {
                    tree.dismiss(waiters);
                    return true;
                }));
        ending.holds().stream()
                .collect(java.util.stream.Collectors.groupingBy(
                        MemoryProcess::root, java.util.LinkedHashMap::new, java.util.stream.Collectors.toList()))
                .forEach((root, holds) -> inTree(root, (tree) -> tree.end(holds, Ending.RELEASED)));
        return DONE;
    }

    @Override
    public CompletionStage<LockStatus> status(LockPath path) {
        return inTree(
                path.rootName(),
                (tree) -> new LockStatus(
                        path,
                        tree.holds().covering(path).stream()
                                .map(held -> held.info(backend.time()))
                                .toList(),
                        tree.waitersFor(path)));
    }

    @Override
    public CompletionStage<List<HoldInfo>> list(LockPath under) {
        return inTree(under.rootName(), (tree) -> tree.holds().under(under).stream()
                .map(held -> held.info(backend.time()))
                .sorted(Comparator.comparing(HoldInfo::path).thenComparing(HoldInfo::fence))
                .toList());
    }

    @Override
    public CompletionStage<List<LockPath>> roots() {
        return CompletableFuture.completedFuture(backend.trees().stream()
                .map(tree -> LockPath.ofEscaped(tree.root, ""))
                .sorted()
                .toList());
    }

    @Override
    public CompletionStage<Void> leave() {
        left = true;
        List.copyOf(clients).forEach(this::endClient);
        for (Tree known : backend.trees()) {
            inTree(known.root, (tree) -> {
                tree.leave(this);
                return true;
            });
        }
        backend.left(this);
        return DONE;
    }

    private static List<KeptHeld> keptOn(Tree tree, LockPath path, Set<LockMode> modes, LockOwner owner) {
        List<KeptHeld> own = new ArrayList<>(2);
        tree.holds().forEachKeptOn(path, owner, held -> {
            if (modes.contains(held.terms().mode())) {
                own.add(held);
            }
        });
        return own;
    }

    private static String root(Held held) {
        // A hold never leaves its root, so this needs no mutex.
        return held.claim.path().rootName();
    }

    private <T> CompletionStage<T> inTree(String root, Function<Tree, T> work) {
        Tree tree = backend.lock(root);
        T result;
        try {
            result = work.apply(tree);
        } finally {
            backend.unlock(tree);
        }
        return CompletableFuture.completedFuture(result);
    }
}
