package dev.objectlock.engine;

import dev.objectlock.AsyncObjectLocks;
import dev.objectlock.Attempt;
import dev.objectlock.Body;
import dev.objectlock.ClientSessions;
import dev.objectlock.Hold;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockEvent;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.LockStatus;
import dev.objectlock.LockTime;
import dev.objectlock.LockWatcher;
import dev.objectlock.Loss;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Privilege;
import dev.objectlock.Refused;
import dev.objectlock.Released;
import dev.objectlock.Subscription;
import dev.objectlock.SurroundingTransactions;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.annotation.Require;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.Connection;
import dev.objectlock.backend.GuardAnswer;
import dev.objectlock.backend.HoldRef;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.Terms;
import dev.objectlock.path.LockablePaths;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers the door by asking a backend. Thread-safe. */
public final class Engine implements ObjectLocks {

    private final Settings settings;
    private final String name;
    private final LockBackend backend;
    private final LockTime time;
    private final Outage outage;
    private final Losses losses;
    private final Returns returns = new Returns(this);
    private final Taking taking = new Taking(this);
    private final Deadlocks deadlocks = new Deadlocks(this);
    private final Watches watches = new Watches(this);
    private final AsyncDoor async = new AsyncDoor(this);
    private final Flows flows = new Flows(this);
    private final ObjectChanges changes = new ObjectChanges(this);
    private final Overrides overrides = new Overrides(this);
    private final Transactions transactions;
    private final Listeners listeners;
    private final Sessions sessions;
    private final Heart heart;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Memberships memberships;

    private volatile boolean used;
    private volatile boolean retired;

    private Engine(Settings settings) {
        this.settings = settings;
        this.name = settings.name();
        this.backend = settings.backend();
        this.time = backend.time();
        this.sessions = new Sessions(this, settings.sessionPolicy());
        boolean remote = backend.processTimeout().isPresent();
        this.outage = new Outage(this, settings.withoutStore());
        this.losses = new Losses(remote);
        this.transactions = new Transactions(this, settings.history(), settings.transactionIdle());
        this.listeners = new Listeners(name, settings.listeners(), losses, watches, transactions::moved, remote);
        this.heart = new Heart(this, time, backend.processTimeout().orElse(null));
        this.memberships = new Memberships(this, backend);
        if (memberships.known().isJoined()) {
            heart.start(memberships.known());
        }
    }

    /**
     * The store takes this process for dead, or has forgotten it: what it held is lost, and it begins anew.
     *
     * @param gone the membership that has ended; if that is known already, nothing happens
     * @param reason what its owners are told
     */
    void rejoin(Membership gone, Loss.Reason reason) {
        memberships.rejoin(gone, reason);
    }

    /** The store has been out of reach for so long that this process takes itself for dead. */
    void silent(Membership gone) {
        memberships.silent(gone);
    }

    /** As {@link #rejoin}, for work that holds no thread. */
    CompletableFuture<Void> rejoinElsewhere(Membership gone, Loss.Reason reason) {
        return memberships.rejoinElsewhere(gone, reason);
    }

    /** Begins anew after a membership that had ended before, and of which the store has nothing any more. */
    void rejoinAfter(Membership gone) {
        memberships.rejoinAfter(gone);
    }

    /** Why nothing can be asked for at the moment. */
    LockBackendException outOfReach(Membership gone) {
        return memberships.outOfReach(gone);
    }

    /** The store knows this process by another name, and nothing else of it. */
    void rejoined(Membership fresh) {
        heart.start(fresh);
        sessions.presentTo(fresh);
        watches.missed();
        if (isClosed()) {
            heart.stop();
            await(fresh.process().leave());
        }
    }

    /**
     * Joins a backend.
     *
     * @param settings what the engine is made of
     * @return the engine
     */
    public static Engine join(Settings settings) {
        Engine engine = new Engine(settings);
        Engines.built(engine);
        return engine;
    }

    /**
     * Returns what the engine is made of.
     *
     * @return as its builder said
     */
    public Settings settings() {
        return settings;
    }

    @Override
    public Hold acquire(LockRequest request) {
        Taken taken = take(request, Waiting.of(request));
        if (taken instanceof Acquisition.NotHeld not) {
            throw not.error();
        }
        return handle(taken);
    }

    @Override
    public Attempt tryAcquire(LockRequest request) {
        Taken taken = take(request, Waiting.ofAttempt(request));
        return taken instanceof Acquisition.NotHeld not ? not.refused() : new Attempt.Granted(handle(taken));
    }

    private Taken take(LockRequest request, Waiting waiting) {
        if (Binding.current().isUnlocked()) {
            return exemptHold(request);
        }
        Binding binding = Binding.current().in(this);
        List<Claim> claims = Claims.of(request, request.isKept());
        return request.isKept() ? taking.tryKeep(binding, claims, waiting) : taking.tryTake(binding, claims, waiting);
    }

    ExemptHold exemptHold(LockRequest request) {
        return new ExemptHold(request.paths(), time.now(), "the request was made without locks");
    }

    /** Changes of which nobody here was told may have happened. */
    void missed() {
        watches.missed();
    }

    static Hold handle(Taken taken) {
        return taken instanceof ScopedHold hold ? new ScopedHandle(hold) : (Hold) taken;
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T call(LockRequest request, Body<T, X> body) throws X {
        Binding binding = Binding.current();
        if (binding.isUnlocked()) {
            return body.run();
        }
        Visit visit = Visit.begin(binding, this);
        if (visit == null) {
            return call(binding, request, body);
        }
        T result;
        try {
            result = call(binding, request, body);
        } catch (Throwable failed) {
            visit.end(failed);
            throw failed;
        }
        visit.end(null);
        return result;
    }

    private <T extends @Nullable Object, X extends Exception> T call(
            Binding binding, LockRequest request, Body<T, X> body) throws X {
        SurroundingTransactions.Running around = runningDatabaseTransaction();
        CallHold hold = taking.take(binding.in(this), Claims.ofCall(request), Waiting.of(request));
        CallHold before = binding.swapCurrent(hold);
        T result;
        try {
            result = body.run();
        } catch (Throwable failed) {
            binding.swapCurrent(before);
            if (around == null) {
                hold.endAfterFailure(request.isKept(), failed);
            } else {
                around.whenOver(committed -> hold.endAfterFailure(request.isKept(), failed));
            }
            throw failed;
        }
        binding.swapCurrent(before);
        if (around == null) {
            hold.endAfterReturn(request.isKept());
        } else {
            around.whenOver(committed -> hold.endAfterTransaction(request.isKept(), committed));
        }
        return result;
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T callAs(LockOwner owner, Body<T, X> body) throws X {
        checkOpen();
        return Binding.enter(this, withClient(owner), null, body);
    }

    /** Without a flow; who comes without a client has the process as one. */
    LockOwner withClient(LockOwner owner) {
        return new LockOwner(owner.user(), owner.client() == null ? processId() : owner.client(), null);
    }

    @Override
    public Released release(LockPath path) {
        return release(path, EnumSet.allOf(LockMode.class));
    }

    @Override
    public Released release(LockPath path, LockMode mode) {
        return release(path, EnumSet.of(mode));
    }

    private Released release(LockPath path, Set<LockMode> modes) {
        return await(releaseAsync(path, modes));
    }

    CompletableFuture<Released> releaseAsync(LockPath path) {
        return releaseAsync(path, EnumSet.allOf(LockMode.class));
    }

    private CompletableFuture<Released> releaseAsync(LockPath path, Set<LockMode> modes) {
        LockOwner owner = Binding.current().in(this).flowIn(this).owner();
        return process()
                .release(path, modes, owner, settings.anyClientReleases())
                .thenApply(released ->
                        released != Released.RELEASED && losses.forget(owner, path, modes) ? Released.LOST : released)
                .exceptionallyCompose(failure -> CompletableFuture.failedStage(
                        outage.of("releasing what " + owner.name() + " keeps on " + path, failure)))
                .toCompletableFuture();
    }

    @Override
    public int forceRelease(LockPath path, String reason) {
        return overrides.takeAway(path, reason);
    }

    @Override
    public boolean forceRelease(LockPath under, String holdId, String reason) {
        return overrides.takeAway(under, holdId, reason);
    }

    @Override
    public Hold attach(String token) {
        checkOpen();
        return ask(() -> "looking for the hold of a token", process -> process.attach(token))
                .flatMap(this::handleOf)
                .orElseThrow(() ->
                        new LockNotHeldException("no hold has this token: it has ended, or the token was never given"));
    }

    private Optional<Hold> handleOf(HoldRef ref) {
        return ask(() -> "looking at the hold on " + ref.path(), process -> process.inspect(ref))
                .map(info -> new KeptHandle(this, List.of(new Answer.Kept(ref, info.fence(), false)), info.since()));
    }

    @Override
    public void changeScope(LockPath path, LockScope scope) {
        checkOpen();
        changes.changeScope(path, scope);
    }

    @Override
    public void move(LockPath from, LockPath to) {
        checkOpen();
        changes.move(from, to);
    }

    @Override
    public int remove(LockPath path) {
        checkOpen();
        return changes.remove(path);
    }

    @Override
    public Subscription watch(LockPath under, LockWatcher watcher) {
        checkOpen();
        return watches.watch(under, watcher);
    }

    @Override
    public Transactions transactions() {
        return transactions;
    }

    /**
     * Returns the database transaction that runs on this thread.
     *
     * @return null if there is none, or nothing is known of such
     */
    public SurroundingTransactions.@Nullable Running runningDatabaseTransaction() {
        SurroundingTransactions finder = settings.databaseTransactions();
        return finder == null ? null : finder.running().orElse(null);
    }

    @Override
    public AsyncObjectLocks async() {
        return async;
    }

    @Override
    public void requireHeld(LockPath path) {
        if (Binding.current().isUnlocked()) {
            return;
        }
        Claim claim = new Claim(path, Terms.scoped(LockMode.USER, LockScope.OBJECT, LockAccess.EXCLUSIVE));
        GuardAnswer.Use use = taking.guard(Binding.current().in(this), claim, Require.HELD);
        if (use != null) {
            use.end();
        }
    }

    @Override
    public Optional<Refused> check(LockRequest request) {
        return Optional.ofNullable(taking.check(Binding.current().in(this), Claims.of(request, request.isKept())));
    }

    @Override
    public LockStatus status(LockPath path) {
        return ask(() -> "asking who has " + path, process -> process.status(path));
    }

    @Override
    public List<HoldInfo> list(LockPath under) {
        return ask(() -> "asking for all holds at and below " + under, process -> process.list(under));
    }

    @Override
    public List<LockPath> roots() {
        return ask(() -> "asking for all roots", JoinedProcess::roots);
    }

    @Override
    public LockPath pathOf(Object lockable) {
        return LockablePaths.pathOf(lockable);
    }

    @Override
    public String backendName() {
        return backend.name();
    }

    @Override
    public ClientSessions sessions() {
        return sessions;
    }

    @Override
    public boolean isClosed() {
        return closed.get();
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        Engines.remove(this);
        heart.stop();
        watches.close();
        sessions.close();
        try {
            JoinedProcess leaving = memberships.known().process();
            ask(() -> "leaving the store", process -> leaving.leave());
        } finally {
            if (settings.ownsBackend()) {
                backend.close();
            }
            listeners.close();
        }
    }

    @Override
    public String toString() {
        return "ObjectLocks '" + name + "' on " + backend.name() + (isClosed() ? " (closed)" : "");
    }

    /**
     * Returns what takes and checks for woven calls.
     *
     * @return the part of the engine that acquires
     */
    public Taking taking() {
        return taking;
    }

    String name() {
        return name;
    }

    JoinedProcess process() {
        return membership().process();
    }

    Membership membership() {
        return memberships.current();
    }

    /** As {@link #membership}, without trying to join. */
    Membership known() {
        return memberships.known();
    }

    String processId() {
        return memberships.known().process().id();
    }

    Outage outage() {
        return outage;
    }

    Overrides overrides() {
        return overrides;
    }

    Flows flows() {
        return flows;
    }

    Heart heart() {
        return heart;
    }

    Returns returns() {
        return returns;
    }

    Deadlocks deadlocks() {
        return deadlocks;
    }

    LockTime time() {
        return time;
    }

    Losses losses() {
        return losses;
    }

    Instant wallTimeOf(long nanoTime) {
        return time.now().minusNanos(time.nanoTime() - nanoTime);
    }

    Set<Privilege> privilegesOf(LockOwner owner) {
        if (owner.user() == null) {
            return Set.of();
        }
        Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
        privileges.addAll(settings.authorizer().privileges(owner));
        if (owner.isApplication()) {
            privileges.add(Privilege.OBJECTLOCK);
        }
        return Set.copyOf(privileges);
    }

    /** Before anything is asked for, and before it is looked whether the engine is open: see {@link #closeIfUnused}. */
    void noteUse() {
        if (!used) {
            used = true;
        }
    }

    /** Closes the engine unless it has been used; whoever uses it from then on sees that it is closed. */
    boolean closeIfUnused() {
        retired = true;
        if (used) {
            retired = false;
            return false;
        }
        close();
        return true;
    }

    void checkOpen() {
        if (closed.get() || retired) {
            throw new LockConfigurationException(this + " cannot be used any more");
        }
    }

    /** Work that counts as use of kept holds. */
    List<GuardAnswer.Use> use(List<Answer.Kept> kept) {
        return kept.stream()
                .map(one -> ask(
                        () -> "noting the use of the hold on " + one.ref().path(), process -> process.use(one.ref())))
                .toList();
    }

    void tell(LockEvent event) {
        listeners.tell(event);
    }

    /** A connection is over, as the store says. */
    void over(Connection connection) {
        sessions.over(connection);
    }

    /**
     * Asks the store something, and waits for the answer.
     *
     * @param tried what, for the error if the store cannot be reached
     */
    <T> T ask(Supplier<String> tried, Function<JoinedProcess, CompletionStage<T>> question) {
        try {
            return await(question.apply(process()));
        } catch (LockBackendException failed) {
            throw outage.of(tried.get(), failed);
        }
    }

    /** Waits for the store; its failures come out as they are. */
    <T> T await(CompletionStage<T> stage) {
        return Stages.await(stage);
    }
}
