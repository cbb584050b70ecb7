package dev.objectlock.engine;

import dev.objectlock.AsyncObjectLocks;
import dev.objectlock.Attempt;
import dev.objectlock.Body;
import dev.objectlock.ClientSessions;
import dev.objectlock.Hold;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockEvent;
import dev.objectlock.LockListener;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockPrivilegeException;
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
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.ChangeAnswer;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.Connection;
import dev.objectlock.backend.GuardAnswer;
import dev.objectlock.backend.HoldRef;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import dev.objectlock.backend.Terms;
import dev.objectlock.path.LockablePaths;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the door by asking a backend. Thread-safe. */
public final class Engine implements ObjectLocks {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /** The lease of a kept monitor that names none. */
    private static final Duration MONITOR_LEASE = Duration.ofSeconds(15);

    private static final ConcurrentMap<Terms, Terms> TERMS = new ConcurrentHashMap<>();
    private static final int MOST_TERMS = 1_000;

    private final Settings settings;
    private final String name;
    private final LockBackend backend;
    private final List<LockListener> listeners;
    private final LockTime time;
    private final List<EventThread> ears;
    private final Losses losses;
    private final Taking taking = new Taking(this);
    private final Deadlocks deadlocks = new Deadlocks(this);
    private final Watches watches = new Watches(this);
    private final AsyncDoor async = new AsyncDoor(this);
    private final Sessions sessions;
    private final Heart heart;
    private final AtomicLong flows = new AtomicLong();
    private final ConcurrentMap<LockOwner, NamedFlow> namedFlows = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ReentrantLock rejoining = new ReentrantLock();

    /** Where the store may tell a loss twice, with the next beat again: what it has told. */
    private final @Nullable RecentEvents recent;

    private volatile Membership membership;
    private volatile boolean used;
    private volatile boolean retired;

    private Engine(Settings settings) {
        this.settings = settings;
        this.name = settings.name();
        this.backend = settings.backend();
        this.listeners = settings.listeners();
        this.time = backend.time();
        this.ears = listeners.stream().map(listener -> new EventThread(name)).toList();
        this.sessions = new Sessions(this, settings.sessionPolicy());
        this.losses = new Losses(backend.processTimeout().isPresent());
        this.recent = backend.processTimeout().isPresent() ? new RecentEvents() : null;
        this.heart = new Heart(this, time, backend.processTimeout().orElse(null));
        this.membership = join();
        heart.start();
    }

    private Membership join() {
        JoinedProcess joined = await(backend.join(ears()));
        return new Membership(joined, await(joined.beat()).epoch());
    }

    /**
     * The store takes this process for dead, or has forgotten it: what it held is lost, and it begins anew.
     *
     * @param gone the membership that has ended; if that is known already, nothing happens
     * @param reason what its owners are told
     */
    void rejoin(Membership gone, Loss.Reason reason) {
        rejoining.lock();
        try {
            if (membership != gone) {
                return;
            }
            checkOpen();
            Loss loss = new Loss(reason, null, null, time.now());
            gone.end(loss);
            losses.over(gone, loss);
            if (reason == Loss.Reason.STORE_RESET) {
                tellAllLost(loss);
            }
            Membership fresh = join();
            if (!fresh.epoch().equals(gone.epoch()) && reason != Loss.Reason.STORE_RESET) {
                tellAllLost(loss);
            }
            membership = fresh;
            sessions.presentTo(fresh.process());
            heart.start();
            watches.missed();
            if (isClosed()) {
                heart.stop();
                await(fresh.process().leave());
            }
            LOG.warn("{}: {}; its holds are lost, and it has joined anew", this, loss.describe());
        } finally {
            rejoining.unlock();
        }
    }

    private void tellAllLost(Loss loss) {
        Map<String, List<HoldInfo>> byRoot = losses.allKnown().stream()
                .collect(Collectors.groupingBy(hold -> hold.path().rootName()));
        byRoot.values().forEach(holds -> tell(new LockEvent.Lost(holds, loss.at(), 0, loss)));
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
        Taken taken = take(request, waitingOf(request));
        if (taken instanceof Acquisition.NotHeld not) {
            throw not.error();
        }
        return handle(taken);
    }

    @Override
    public Attempt tryAcquire(LockRequest request) {
        Taken taken = take(request, tryWaitingOf(request));
        return taken instanceof Acquisition.NotHeld not ? not.refused() : new Attempt.Granted(handle(taken));
    }

    static Waiting waitingOf(LockRequest request) {
        return Waiting.of(request.waitFor().orElse(null), request.mode(), request.isKept());
    }

    static Waiting tryWaitingOf(LockRequest request) {
        return request.waitFor().isPresent() ? waitingOf(request) : Waiting.NOT;
    }

    private Taken take(LockRequest request, Waiting waiting) {
        if (Binding.current().isUnlocked()) {
            return exemptHold(request);
        }
        Binding binding = Binding.current().in(this);
        List<Claim> claims = claims(request, request.isKept());
        return request.isKept() ? taking.tryKeep(binding, claims, waiting) : taking.tryTake(binding, claims, waiting);
    }

    ExemptHold exemptHold(LockRequest request) {
        return new ExemptHold(request, time.now());
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
        SurroundingTransactions transactions = settings.transactions();
        SurroundingTransactions.Running around =
                transactions == null ? null : transactions.running().orElse(null);
        ScopedHold hold = taking.take(binding.in(this), claimsOfCall(request), waitingOf(request));
        ScopedHold before = binding.swapCurrent(hold);
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

    /** For the time of the call and, if so wanted, to keep besides; a slot is taken once, for one or the other. */
    static List<Claim> claimsOfCall(LockRequest request) {
        List<Claim> claims = new ArrayList<>();
        if (request.slots() == 0 || !request.isKept()) {
            claims.addAll(claims(request, false));
        }
        if (request.isKept()) {
            claims.addAll(claims(request, true));
        }
        return claims;
    }

    static List<Claim> claims(LockRequest request, boolean kept) {
        Terms terms = kept
                ? Terms.kept(request.mode(), request.scope(), request.access(), leaseOf(request))
                        .withLease(leaseOf(request), request.renewal())
                : Terms.scoped(request.mode(), request.scope(), request.access());
        // Beside a kept hold that ends, the call keeps its own to its end.
        Duration longest = kept || !request.isKept() ? request.maxHold().orElse(null) : null;
        Terms all = shared(terms.withMaxHold(longest).withSlots(request.slots()));
        return request.paths().stream()
                .map(path -> new Claim(path, all, request.extent().orElse(null)))
                .toList();
    }

    /** Terms are few, and holds that are kept on them may be a million: they share one object. */
    private static Terms shared(Terms terms) {
        Terms same = TERMS.get(terms);
        if (same == null && TERMS.size() < MOST_TERMS) {
            TERMS.putIfAbsent(terms, terms);
        }
        return same == null ? terms : same;
    }

    private static @Nullable Duration leaseOf(LockRequest request) {
        return defaultLease(request.mode(), request.lease().orElse(null));
    }

    /**
     * Returns the lease of a kept hold.
     *
     * @param mode its mode
     * @param said what was said, or null
     * @return null for none
     */
    public static @Nullable Duration defaultLease(LockMode mode, @Nullable Duration said) {
        return said == null && mode == LockMode.MONITOR ? MONITOR_LEASE : said;
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
                .toCompletableFuture();
    }

    @Override
    public int forceRelease(LockPath path, String reason) {
        LockOwner by = overriding("taking a lock on " + path + " away");
        List<HoldInfo> taken = await(process().override(path, by, reason));
        LOG.info("{} took away the kept locks on {} ({}): {}", by.name(), path, taken.size(), reason);
        return taken.size();
    }

    @Override
    public boolean forceRelease(LockPath under, String holdId, String reason) {
        LockOwner by = overriding("taking the hold " + holdId + " away");
        Optional<HoldInfo> taken = await(process().override(under, holdId, by, reason));
        taken.ifPresent(hold -> LOG.info(
                "{} took away the lock of {} on {}: {}", by.name(), hold.owner().name(), hold.path(), reason));
        return taken.isPresent();
    }

    /** The owner on this thread, who must have the override. */
    LockOwner overriding(String what) {
        checkOpen();
        Binding binding = Binding.current().in(this);
        LockOwner owner = binding.flowIn(this).owner();
        if (owner.user() == null) {
            throw new LockAuthenticationException(what + " needs a user, and there is none on"
                    + " this thread; run the call inside ObjectLocks.callAs(LockOwner.user(name), ...)");
        }
        if (!binding.privileges().contains(Privilege.OBJECTLOCKOVERRIDE)) {
            throw new LockPrivilegeException(owner.name() + " may not do this: " + what + " needs the privilege '"
                    + Privilege.OBJECTLOCKOVERRIDE.text() + "'");
        }
        return owner;
    }

    @Override
    public Hold attach(String token) {
        checkOpen();
        Answer.Kept kept = await(process().attach(token))
                .flatMap(ref -> await(process().inspect(ref)).map(info -> new Answer.Kept(ref, info.fence(), false)))
                .orElseThrow(() ->
                        new LockNotHeldException("no hold has this token: it has ended, or the token was never given"));
        HoldInfo info = await(process().inspect(kept.ref()))
                .orElseThrow(() -> new LockNotHeldException("the hold with this token has just ended"));
        return new KeptHandle(this, List.of(kept), info.since());
    }

    @Override
    public void changeScope(LockPath path, LockScope scope) {
        checkOpen();
        if (scope == LockScope.BY_MODE) {
            throw new LockConfigurationException(
                    "a lock on " + path + " can be changed to TREE or OBJECT, not to BY_MODE");
        }
        Flow flow = Binding.current().in(this).flowIn(this);
        changed(
                await(process().changeScope(path, scope, flow.owner(), flow.hasScopedHold())),
                flow.owner(),
                "keeps no USER or CLIENT lock on " + path + ", and changing its scope needs one");
    }

    @Override
    public void move(LockPath from, LockPath to) {
        checkOpen();
        if (!from.rootName().equals(to.rootName())) {
            throw new LockConfigurationException(
                    "an object moves within its tree: " + from + " and " + to + " have different roots");
        }
        if (from.isAtOrAbove(to)) {
            throw new LockConfigurationException(
                    from + " cannot be moved to " + to + ", which is the same or below it");
        }
        LockOwner owner = Binding.current().in(this).flowIn(this).owner();
        changed(
                await(process().move(from, to, owner)),
                owner,
                "has no EXCLUSIVE lock that covers " + from + ", and moving it needs one");
    }

    private static void changed(ChangeAnswer answer, LockOwner owner, String missing) {
        if (answer instanceof ChangeAnswer.NotHeld) {
            throw new LockNotHeldException(owner.name() + " " + missing + "; lock it first");
        }
        if (answer instanceof ChangeAnswer.InTheWay inTheWay) {
            throw LockBusyException.of(new Refused(inTheWay.path(), LockMode.USER, owner, inTheWay.blocker(), 1));
        }
    }

    @Override
    public int remove(LockPath path) {
        checkOpen();
        return await(process()
                        .remove(path, Binding.current().in(this).flowIn(this).owner()))
                .size();
    }

    @Override
    public Subscription watch(LockPath under, LockWatcher watcher) {
        checkOpen();
        return watches.watch(under, watcher);
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
        return Optional.ofNullable(taking.check(Binding.current().in(this), claims(request, request.isKept())));
    }

    @Override
    public LockStatus status(LockPath path) {
        return await(process().status(path));
    }

    @Override
    public List<HoldInfo> list(LockPath under) {
        return await(process().list(under));
    }

    @Override
    public List<LockPath> roots() {
        return await(process().roots());
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
        await(process().leave());
        if (settings.ownsBackend()) {
            backend.close();
        }
        ears.forEach(EventThread::close);
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
        return membership.process();
    }

    Membership membership() {
        return membership;
    }

    String processId() {
        return process().id();
    }

    Heart heart() {
        return heart;
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

    Flow newFlow(LockOwner owner) {
        String id = uniqueName();
        return new Flow(owner.inFlow(id), id);
    }

    private String uniqueName() {
        return processId() + "-" + Long.toString(flows.incrementAndGet(), 36);
    }

    /** A flow with a name, as long as somebody is in it. */
    private record NamedFlow(Flow flow, int entered) {}

    Flow enterFlow(LockOwner entered, String flowName) {
        if (flowName.isBlank()) {
            throw new LockConfigurationException("the name of a flow must not be blank");
        }
        LockOwner owner = entered.inFlow("~" + flowName);
        NamedFlow named = namedFlows.compute(
                owner,
                (key, known) -> known == null
                        ? new NamedFlow(new Flow(owner, uniqueName()), 1)
                        : new NamedFlow(known.flow, known.entered + 1));
        return named.flow;
    }

    void leaveFlow(Flow flow) {
        namedFlows.computeIfPresent(
                flow.owner(), (key, known) -> known.entered == 1 ? null : new NamedFlow(known.flow, known.entered - 1));
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

    void giveBack(ScopedHold hold) {
        losses.ended(hold);
        await(Resend.once(() -> hold.membership().process().giveBack((Ask) hold)));
    }

    /** Work that counts as use of kept holds. */
    List<GuardAnswer.Use> use(List<Answer.Kept> kept) {
        return kept.stream().map(one -> await(process().use(one.ref()))).toList();
    }

    /** Gives kept holds back, in whatever trees they are; returns how many were there. */
    int giveBack(List<HoldRef> holds) {
        if (holds.isEmpty()) {
            return 0;
        }
        String root = holds.get(0).path().rootName();
        if (holds.stream().allMatch(hold -> hold.path().rootName().equals(root))) {
            return await(Resend.once(() -> process().giveBack(holds)));
        }
        int there = 0;
        for (List<HoldRef> ofTree : holds.stream()
                .collect(Collectors.groupingBy(hold -> hold.path().rootName()))
                .values()) {
            there += await(Resend.once(() -> process().giveBack(ofTree)));
        }
        return there;
    }

    void giveBackCreated(List<Answer.Kept> kept) {
        List<HoldRef> created =
                kept.stream().filter(Answer.Kept::created).map(Answer.Kept::ref).toList();
        giveBack(created);
    }

    /** Tells what happened: noted at once, told to listeners on their threads. */
    void tell(LockEvent event) {
        if (recent != null && event.number() != 0 && !recent.isNew(event)) {
            return;
        }
        List<HoldInfo> kept = event.holds().stream().filter(HoldInfo::kept).toList();
        if (event instanceof LockEvent.Removed removed) {
            // Whoever removes an object knows that it is gone.
            losses.ended(
                    kept.stream().filter(hold -> hold.belongsTo(removed.by())).toList());
            losses.lost(
                    kept.stream().filter(hold -> !hold.belongsTo(removed.by())).toList(),
                    event.loss().orElseThrow());
        } else if (event.loss().isPresent()) {
            losses.lost(kept, event.loss().get());
        } else if (event instanceof LockEvent.Released) {
            losses.ended(kept);
        } else {
            losses.known(kept);
        }
        if (event instanceof LockEvent.Moved moved) {
            losses.moved(moved.from(), moved.to());
        }
        for (int i = 0; i < ears.size(); i++) {
            LockListener listener = listeners.get(i);
            ears.get(i).execute(() -> listener.onEvent(event));
        }
        watches.happened(event);
    }

    /** Waits for the store; its failures come out as they are. */
    <T> T await(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        try {
            return future.join();
        } catch (CompletionException failed) {
            throw unwrap(failed);
        }
    }

    static RuntimeException unwrap(Throwable failed) {
        Throwable cause = failed;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException plain
                ? plain
                : new LockBackendException("the store failed: " + cause, false, cause);
    }

    /** What the backend tells, perhaps under its own locks. */
    private ProcessListener ears() {
        return new ProcessListener() {
            @Override
            public void happened(LockEvent event) {
                tell(event);
            }

            @Override
            public void lost(Ask ask, Loss loss) {
                if (ask instanceof ScopedHold hold) {
                    losses.lost(hold, loss);
                }
            }

            @Override
            public void over(Connection connection) {
                sessions.over(connection);
            }
        };
    }
}
