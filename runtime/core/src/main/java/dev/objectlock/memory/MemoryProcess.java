package dev.objectlock.memory;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockEvent;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockSnapshot;
import dev.objectlock.LockStatus;
import dev.objectlock.Loss;
import dev.objectlock.Released;
import dev.objectlock.SessionPolicy;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Beat;
import dev.objectlock.backend.ChangeAnswer;
import dev.objectlock.backend.Connection;
import dev.objectlock.backend.Guard;
import dev.objectlock.backend.GuardAnswer;
import dev.objectlock.backend.HoldRef;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.ProcessListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A process that keeps its holds in this memory: locks the tree in question, asks it, and tells what came of it. */
final class MemoryProcess implements JoinedProcess {

    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);
    private static final CompletionStage<GuardAnswer> PASSED = CompletableFuture.completedFuture(GuardAnswer.PASSED);
    private static final CompletionStage<Answer> SCOPED = CompletableFuture.completedFuture(Answer.SCOPED);

    private final MemoryLockBackend backend;
    private final String id;
    private final ProcessListener listener;
    private final AtomicBoolean ending = new AtomicBoolean();

    /** Losses since the last beat, where there are beats. */
    private final Queue<LockEvent> losses = new ConcurrentLinkedQueue<>();

    /** Work that uses kept holds, but for scoped holds that do. */
    private final Set<RunningUse> uses = ConcurrentHashMap.newKeySet();

    private final AtomicLong holds = new AtomicLong();

    private volatile long lastBeat;

    /** Set before what it holds is looked for, so that nothing is granted behind the back of that search. */
    private volatile boolean left;

    MemoryProcess(MemoryLockBackend backend, String id, ProcessListener listener) {
        this.backend = backend;
        this.id = id;
        this.listener = listener;
        this.lastBeat = backend.time().nanoTime();
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

    /** Where nobody needs to beat, whoever has not left is alive. */
    boolean isSurelyAlive() {
        return !left && backend.processTimeout().isEmpty();
    }

    /** The number of a kept hold that it takes. */
    long nextHold() {
        return holds.incrementAndGet();
    }

    long lastBeat() {
        return lastBeat;
    }

    RunningUse began(RunningUse use) {
        uses.add(use);
        return use;
    }

    void ended(RunningUse use) {
        uses.remove(use);
    }

    void told(LockEvent event) {
        if (event.loss().isPresent() && backend.processTimeout().isPresent()) {
            losses.add(event);
        }
        listener.happened(event);
    }

    /** Waits for the process to be silent for too long. */
    void watchPulse() {
        backend.processTimeout().ifPresent(timeout -> {
            long silent = backend.time().nanoTime() - lastBeat;
            if (silent >= timeout.toNanos()) {
                leaveAsDead();
            } else if (!left) {
                backend.time().schedule(timeout.minusNanos(silent), this::watchPulse);
            }
        });
    }

    /** The store has forgotten it, and all it held. */
    void forgotten() {
        left = true;
        ending.set(true);
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
        return answer == Answer.SCOPED ? SCOPED : CompletableFuture.completedFuture(answer);
    }

    @Override
    public CompletionStage<Optional<Answer.Refused>> withdraw(Ask ask) {
        return inTree(ask.rootName(), tree -> Optional.ofNullable(tree.withdraw(ask)));
    }

    @Override
    public CompletionStage<Void> giveBack(Ask ask) {
        if (ask.attachment() instanceof ScopedHeld held) {
            giveBack(held);
        } else if (ask.attachment() instanceof Holdings.Granted granted && granted.first() != null) {
            giveBack(granted.first());
        }
        return DONE;
    }

    @Override
    public CompletionStage<Void> undo(Ask ask) {
        backend.inTree(ask.rootName(), tree -> {
            tree.undo(ask);
            return true;
        });
        return DONE;
    }

    private void giveBack(ScopedHeld first) {
        Tree tree = first.tree;
        tree.lock();
        try {
            tree.giveBack(first);
        } finally {
            backend.unlock(tree);
        }
    }

    @Override
    public CompletionStage<Integer> giveBack(Collection<HoldRef> holds) {
        if (holds.isEmpty()) {
            return CompletableFuture.completedFuture(0);
        }
        List<KeptHeld> kept = holds.stream().map(KeptHeld.class::cast).toList();
        return inTree(MemoryLockBackend.rootOf(kept.get(0)), tree -> tree.end(kept, Ending.RELEASED)
                .size());
    }

    @Override
    public CompletionStage<Released> release(LockPath path, Set<LockMode> modes, LockOwner owner, boolean ofAnyClient) {
        if (backend.isFree(path.rootName())) {
            return CompletableFuture.completedFuture(Released.NOT_HELD);
        }
        return inTree(path.rootName(), tree -> new OwnHolds(tree, this).release(path, modes, owner, ofAnyClient));
    }

    @Override
    public CompletionStage<List<HoldRef>> find(LockPath path, Set<LockMode> modes, LockOwner owner) {
        return inTree(path.rootName(), tree -> new OwnHolds(tree, this).find(path, modes, owner));
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
        return inTree(MemoryLockBackend.rootOf(held), tree -> {
            tree.endIfOver(held);
            if (held.ended) {
                return Optional.empty();
            }
            if (use) {
                held.used(tree.now());
            }
            return Optional.of(held.info(backend.time()));
        });
    }

    @Override
    public CompletionStage<GuardAnswer.Use> use(HoldRef hold) {
        KeptHeld held = (KeptHeld) hold;
        return inTree(MemoryLockBackend.rootOf(held), tree -> new OwnHolds(tree, this).use(held));
    }

    @Override
    public CompletionStage<List<HoldInfo>> override(LockPath path, LockOwner by, String reason) {
        return inTree(path.rootName(), tree -> {
            List<KeptHeld> kept = new ArrayList<>();
            for (Held held : tree.on(path)) {
                if (held instanceof KeptHeld one) {
                    kept.add(one);
                }
            }
            return tree.end(kept, Ending.overriddenBy(by, reason));
        });
    }

    @Override
    public CompletionStage<Optional<HoldInfo>> override(LockPath under, String holdId, LockOwner by, String reason) {
        return inTree(under.rootName(), tree -> {
            for (Held held : tree.under(tree.rootPath())) {
                if (!held.name().equals(holdId)) {
                    continue;
                }
                if (held instanceof KeptHeld kept) {
                    return tree.end(List.of(kept), Ending.overriddenBy(by, reason)).stream()
                            .findFirst();
                }
                Loss loss = new Loss(
                        Loss.Reason.OVERRIDDEN, by, reason, backend.time().now());
                return tree.loseScoped((ScopedHeld) held, loss, Ending.overriddenBy(by, reason));
            }
            return Optional.empty();
        });
    }

    @Override
    public CompletionStage<Optional<String>> token(HoldRef hold) {
        KeptHeld held = (KeptHeld) hold;
        return inTree(MemoryLockBackend.rootOf(held), tree -> {
            tree.endIfOver(held);
            return held.ended ? Optional.empty() : Optional.of(backend.tokenOf(held));
        });
    }

    @Override
    public CompletionStage<Optional<HoldRef>> attach(String token) {
        return CompletableFuture.completedFuture(Optional.ofNullable(backend.withToken(token)));
    }

    @Override
    public CompletionStage<ChangeAnswer> changeScope(
            LockPath path, LockScope scope, LockOwner owner, boolean passesWaiters) {
        Ask judged = new Ask(
                owner,
                Subtree.NO_SERIES,
                List.of(),
                Ask.Patience.NONE,
                passesWaiters,
                backend.time().nanoTime());
        return inTree(path.rootName(), tree -> new Subtree(tree).changeScope(path, scope, judged));
    }

    @Override
    public CompletionStage<ChangeAnswer> move(LockPath from, LockPath to, LockOwner owner) {
        return inTree(from.rootName(), tree -> new Subtree(tree).move(from, to, owner));
    }

    @Override
    public CompletionStage<List<HoldInfo>> remove(LockPath path, LockOwner by) {
        return inTree(path.rootName(), tree -> new Subtree(tree).remove(path, by));
    }

    @Override
    public CompletionStage<List<HoldInfo>> waitsFor(Ask ask) {
        return inTree(ask.rootName(), tree -> tree.waitsFor(ask));
    }

    @Override
    public CompletionStage<GuardAnswer> guard(Guard guard) {
        if (!guard.mustBeHeld() && backend.isFree(guard.claim().path().rootName())) {
            return PASSED;
        }
        Tree tree = backend.lock(guard.claim().path().rootName());
        GuardAnswer answer;
        try {
            answer = guard(tree, guard);
        } finally {
            backend.unlock(tree);
        }
        return answer == GuardAnswer.PASSED ? PASSED : CompletableFuture.completedFuture(answer);
    }

    private GuardAnswer guard(Tree tree, Guard guard) {
        Held inTheWay = tree.inTheWayOf(guard.claim(), guard.owner());
        if (inTheWay != null) {
            return new GuardAnswer.InTheWay(tree.blocker(inTheWay));
        }
        if (!guard.mustBeHeld() && !tree.hasLeases()) {
            return GuardAnswer.PASSED;
        }
        return new OwnHolds(tree, this).guard(guard);
    }

    @Override
    public CompletionStage<Optional<Answer>> check(Ask ask) {
        return inTree(ask.rootName(), tree -> Optional.ofNullable(tree.check(ask)));
    }

    @Override
    public CompletionStage<Connection> openClient(LockOwner client, String secret, SessionPolicy policy) {
        Connection connection = backend.clients().open(this, client, secret, policy);
        if (left) {
            disconnect(connection, Ending.lost(Loss.Reason.SESSION_ENDED));
        }
        return CompletableFuture.completedFuture(connection);
    }

    @Override
    public CompletionStage<Optional<Connection>> resumeClient(String client, String secret) {
        Clients.Resumed resumed = backend.clients().resume(this, client, secret, Long.MAX_VALUE);
        return CompletableFuture.completedFuture(Optional.ofNullable(resumed).map(this::connected));
    }

    @Override
    public CompletionStage<Optional<Connection>> presentClient(Connection former, String secret) {
        LockOwner client = former.client();
        Clients.Resumed resumed =
                backend.clients().resume(this, Objects.requireNonNull(client.client()), secret, former.number());
        return resumed == null
                ? openClient(client, secret, former.policy()).thenApply(Optional::of)
                : CompletableFuture.completedFuture(Optional.ofNullable(connected(resumed)));
    }

    private @Nullable Connection connected(Clients.Resumed resumed) {
        Connection connection = resumed.connection();
        if (connection == null) {
            return null;
        }
        if (resumed.former() != null && resumed.formerProcess() != null) {
            resumed.formerProcess().listener.over(resumed.former());
        }
        backend.end(new Clients.Ending(List.of(), resumed.waiters()), Ending.RELEASED);
        if (left) {
            disconnect(connection, Ending.lost(Loss.Reason.SESSION_ENDED));
        }
        return connection;
    }

    @Override
    public CompletionStage<Void> disconnectClient(Connection connection) {
        disconnect(connection, Ending.lost(Loss.Reason.SESSION_ENDED));
        return DONE;
    }

    private void disconnect(Connection connection, Ending how) {
        Function<Duration, dev.objectlock.LockTime.Alarm> graceOver = grace -> backend.time()
                .schedule(
                        grace,
                        () -> backend.end(
                                backend.clients().graceOver(connection), Ending.lost(Loss.Reason.SESSION_ENDED)));
        backend.end(backend.clients().disconnect(connection, graceOver), how);
    }

    @Override
    public CompletionStage<Void> endClient(Connection connection) {
        backend.end(backend.clients().logout(connection), Ending.RELEASED);
        return DONE;
    }

    @Override
    public CompletionStage<Integer> endUser(String user, LockOwner by, String reason) {
        Clients.Ending ended = backend.clients().endUser(user);
        return CompletableFuture.completedFuture(backend.end(ended, Ending.overriddenBy(by, reason)));
    }

    @Override
    public CompletionStage<LockStatus> status(LockPath path) {
        return inTree(
                path.rootName(),
                tree -> new LockStatus(
                        path,
                        tree.covering(path).stream()
                                .map(held -> held.info(backend.time()))
                                .toList(),
                        tree.waitersFor(path)));
    }

    @Override
    public CompletionStage<List<HoldInfo>> list(LockPath under) {
        return inTree(under.rootName(), tree -> tree.under(under).stream()
                .map(held -> held.info(backend.time()))
                .sorted(Comparator.comparing(HoldInfo::path).thenComparing(HoldInfo::fence))
                .toList());
    }

    @Override
    public CompletionStage<List<LockPath>> roots() {
        return CompletableFuture.completedFuture(backend.rootNames().stream()
                .map(root -> LockPath.ofEscaped(root, ""))
                .sorted()
                .toList());
    }

    /** All changes are told to every process anyway. */
    @Override
    public CompletionStage<LockSnapshot> watch(LockPath under) {
        return inTree(under.rootName(), tree -> {
            List<Held> seen = tree.under(under);
            under.parent().ifPresent(above -> tree.covering(above).stream()
                    .filter(held -> held.terms().isTree())
                    .forEach(seen::add));
            List<HoldInfo> kept = seen.stream()
                    .filter(Held::isKept)
                    .map(held -> held.info(backend.time()))
                    .sorted(Comparator.comparing(HoldInfo::path).thenComparing(HoldInfo::fence))
                    .toList();
            return new LockSnapshot(under, tree.nextChange(), kept, false);
        });
    }

    @Override
    public void unwatch(LockPath under) {}

    @Override
    public CompletionStage<Beat> beat() {
        if (!left) {
            lastBeat = backend.time().nanoTime();
        }
        List<LockEvent> told = new ArrayList<>();
        for (LockEvent loss = losses.poll(); loss != null; loss = losses.poll()) {
            told.add(loss);
        }
        return CompletableFuture.completedFuture(new Beat(!left, backend.epoch(), told));
    }

    @Override
    public void forgetHistory(String root) {
        backend.forgetHistory(root, this);
    }

    @Override
    public CompletionStage<Void> leave() {
        end(Loss.Reason.CLOSED, Ending.RELEASED);
        return DONE;
    }

    @Override
    public CompletionStage<Void> leaveAsDead() {
        end(Loss.Reason.PROCESS_DEAD, Ending.lost(Loss.Reason.PROCESS_DEAD));
        return DONE;
    }

    private void end(Loss.Reason reason, Ending how) {
        left = true;
        if (ending.getAndSet(true)) {
            return;
        }
        Ending ofClients = Ending.lost(reason == Loss.Reason.CLOSED ? Loss.Reason.SESSION_ENDED : reason);
        backend.clients().connectionsTo(this).forEach(connection -> disconnect(connection, ofClients));
        Loss loss = new Loss(reason, null, null, backend.time().now());
        backend.forEachTree(tree -> tree.leave(this, how, loss));
        uses.forEach(RunningUse::end);
        backend.left(this);
    }

    private <T> CompletionStage<T> inTree(String root, Function<Tree, T> work) {
        return CompletableFuture.completedFuture(backend.inTree(root, work));
    }
}
