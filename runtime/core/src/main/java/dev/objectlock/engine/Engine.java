package dev.objectlock.engine;

import dev.objectlock.Attempt;
import dev.objectlock.Body;
import dev.objectlock.ClientSession;
import dev.objectlock.ClientSessions;
import dev.objectlock.Hold;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockAuthorizer;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockEvent;
import dev.objectlock.LockListener;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockPrivilegeException;
import dev.objectlock.LockRequest;
import dev.objectlock.LockStatus;
import dev.objectlock.LockTime;
import dev.objectlock.Loss;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Privilege;
import dev.objectlock.Refused;
import dev.objectlock.Released;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.annotation.Require;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.GuardAnswer;
import dev.objectlock.backend.HoldRef;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import dev.objectlock.backend.Terms;
import dev.objectlock.path.LockablePaths;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the door by asking a backend. Thread-safe. */
public final class Engine implements ObjectLocks {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private static final SecureRandom RANDOM = new SecureRandom();

    /** The lease of a kept monitor that names none. */
    private static final Duration MONITOR_LEASE = Duration.ofSeconds(15);

    private final String name;
    private final LockBackend backend;
    private final boolean ownsBackend;
    private final LockAuthorizer authorizer;
    private final List<LockListener> listeners;
    private final LockTime time;
    private final List<EventThread> ears;
    private final Losses losses = new Losses();
    private final Taking taking = new Taking(this);
    private final AtomicLong flows = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final JoinedProcess process;
    private volatile boolean used;
    private volatile boolean retired;

    private Engine(
            String name,
            LockBackend backend,
            boolean ownsBackend,
            LockAuthorizer authorizer,
            List<LockListener> listeners) {
        this.name = name;
        this.backend = backend;
        this.ownsBackend = ownsBackend;
        this.authorizer = authorizer;
        this.listeners = listeners;
        this.time = backend.time();
        this.ears = listeners.stream().map(listener -> new EventThread(name)).toList();
        this.process = await(backend.join(new Ears(losses, this::announce)));
    }

    /**
     * Joins a backend.
     *
     * @param name the name of the engine, for logs and errors
     * @param backend where holds are kept
     * @param ownsBackend whether it is closed with the engine
     * @param authorizer who may do what
     * @param listeners who is told of events
     * @return the engine
     */
    public static Engine join(
            String name,
            LockBackend backend,
            boolean ownsBackend,
            LockAuthorizer authorizer,
            List<LockListener> listeners) {
        Engine engine = new Engine(name, backend, ownsBackend, authorizer, listeners);
        Engines.built(engine);
        return engine;
    }

    @Override
    public Hold acquire(LockRequest request) {
        Waiting waiting = Waiting.of(request.waitFor().orElse(null), request.mode(), request.isKept());
        Taken taken = take(request, waiting);
        if (taken instanceof Acquisition.NotHeld not) {
            throw not.error();
        }
        return handle(taken);
    }

    @Override
    public Attempt tryAcquire(LockRequest request) {
        Waiting waiting = request.waitFor()
                .map(longest -> Waiting.of(longest, request.mode(), request.isKept()))
                .orElse(Waiting.NOT);
        Taken taken = take(request, waiting);
        return taken instanceof Acquisition.NotHeld not ? not.refused() : new Attempt.Granted(handle(taken));
    }

    private Taken take(LockRequest request, Waiting waiting) {
        Binding binding = Binding.current().in(this);
        List<Claim> claims = claims(request, request.isKept());
        return request.isKept() ? taking.tryKeep(binding, claims, waiting) : taking.tryTake(binding, claims, waiting);
    }

    private static Hold handle(Taken taken) {
        return taken instanceof ScopedHold hold ? new ScopedHandle(hold) : (KeptHandle) taken;
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T call(LockRequest request, Body<T, X> body) throws X {
        Binding binding = Binding.current();
        List<Claim> claims = new ArrayList<>(claims(request, false));
        if (request.isKept()) {
            claims.addAll(claims(request, true));
        }
        Waiting waiting = Waiting.of(request.waitFor().orElse(null), request.mode(), request.isKept());
        ScopedHold hold = taking.take(binding.in(this), claims, waiting);
        ScopedHold before = binding.swapCurrent(hold);
        T result;
        try {
            result = body.run();
        } catch (Throwable failed) {
            binding.swapCurrent(before);
            hold.endAfterFailure(request.isKept(), failed);
            throw failed;
        }
        binding.swapCurrent(before);
        hold.endAfterReturn(request.isKept());
        return result;
    }

    private static List<Claim> claims(LockRequest request, boolean kept) {
        Terms terms = kept
                ? Terms.kept(request.mode(), request.scope(), request.access(), leaseOf(request))
                : Terms.scoped(request.mode(), request.scope(), request.access());
        return request.paths().stream()
                .map(path -> new Claim(path, terms, request.extent().orElse(null)))
                .toList();
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
        LockOwner entered = owner.client() == null ? owner.onClient(process.id()) : owner;
        return Binding.enter(this, new LockOwner(entered.user(), entered.client(), null), null, body);
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
        LockOwner owner = Binding.current().in(this).flowIn(this).owner();
        Released released = await(process.release(path, modes, owner));
        if (released != Released.RELEASED && losses.forget(owner, path, modes)) {
            return Released.LOST;
        }
        return released;
    }

    @Override
    public int forceRelease(LockPath path, String reason) {
        Binding binding = Binding.current().in(this);
        LockOwner owner = binding.flowIn(this).owner();
        if (owner.user() == null) {
            throw new LockAuthenticationException(
                    "taking a lock on " + path + " away needs a user, and there is none on"
                            + " this thread; run the call inside ObjectLocks.callAs(LockOwner.user(name), ...)");
        }
        if (!binding.privileges().contains(Privilege.OBJECTLOCKOVERRIDE)) {
            throw new LockPrivilegeException(owner.name() + " may not take away other people's locks on " + path
                    + ": it needs the privilege '" + Privilege.OBJECTLOCKOVERRIDE.text() + "'");
        }
        List<HoldInfo> taken = await(process.override(path, owner, reason));
        LOG.info("{} took away the kept locks on {} ({}): {}", owner.name(), path, taken.size(), reason);
        return taken.size();
    }

    @Override
    public void requireHeld(LockPath path) {
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
        return await(process.status(path));
    }

    @Override
    public List<HoldInfo> list(LockPath under) {
        return await(process.list(under));
    }

    @Override
    public List<LockPath> roots() {
        return await(process.roots());
    }

    @Override
    public LockPath pathOf(Object lockable) {
        return LockablePaths.pathOf(lockable);
    }

    @Override
    public ClientSessions sessions() {
        return this::open;
    }

    private ClientSession open(LockOwner user) {
        checkOpen();
        if (user.user() == null) {
            throw new LockAuthenticationException("a session needs a user; use LockOwner.user(name)");
        }
        String client = "c" + Long.toString(RANDOM.nextLong() >>> 1, 36);
        LockOwner owner = new LockOwner(user.user(), client, null);
        Session session = new Session(this, owner);
        await(process.openClient(owner));
        return session;
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
        await(process.leave());
        if (ownsBackend) {
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

    JoinedProcess process() {
        return process;
    }

    String processId() {
        return process.id();
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
        String id = process.id() + "-" + Long.toString(flows.incrementAndGet(), 36);
        return new Flow(owner.inFlow(id));
    }

    Set<Privilege> privilegesOf(LockOwner owner) {
        if (owner.user() == null) {
            return Set.of();
        }
        return owner.isApplication() ? Set.of(Privilege.OBJECTLOCK) : Set.copyOf(authorizer.privileges(owner));
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
        await(process.giveBack((Ask) hold));
    }

    void giveBackCreated(List<Answer.Kept> kept) {
        List<HoldRef> created =
                kept.stream().filter(Answer.Kept::created).map(Answer.Kept::ref).toList();
        if (!created.isEmpty()) {
            await(process.giveBack(created));
        }
    }

    private void announce(LockEvent event) {
        for (int i = 0; i < ears.size(); i++) {
            LockListener listener = listeners.get(i);
            ears.get(i).execute(() -> listener.onEvent(event));
        }
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

    /** What the backend tells, under its own locks: noted at once, told to listeners on their thread. */
    private record Ears(Losses losses, java.util.function.Consumer<LockEvent> announce) implements ProcessListener {

        @Override
        public void happened(LockEvent event) {
            event.loss().ifPresentOrElse(loss -> losses.lost(event.holds(), loss), () -> {
                if (event instanceof LockEvent.Released) {
                    losses.ended(event.holds());
                }
            });
            announce.accept(event);
        }

        @Override
        public void lost(Ask ask, Loss loss) {
            if (ask instanceof ScopedHold hold) {
                losses.lost(hold, loss);
            }
        }
    }
}
