package dev.objectlock.weave;

import dev.objectlock.LockLostException;
import dev.objectlock.LockObserver;
import dev.objectlock.Loss;
import dev.objectlock.MonitorHooks;
import dev.objectlock.SurroundingTransactions;
import dev.objectlock.annotation.ReleaseOn;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.GuardAnswer;
import dev.objectlock.backend.HoldRef;
import dev.objectlock.engine.Binding;
import dev.objectlock.engine.CallHold;
import dev.objectlock.engine.DatabaseRolledBack;
import dev.objectlock.engine.Engine;
import dev.objectlock.engine.Participation;
import dev.objectlock.engine.ScopedHold;
import dev.objectlock.engine.Settings;
import dev.objectlock.engine.Stages;
import dev.objectlock.engine.Taking;
import dev.objectlock.engine.Visit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one template around the call of an annotated method, and the only place that acquires and releases for it.
 *
 * <p>A weaver does nothing but this:
 *
 * <pre>{@code
 * WovenCall call = WovenCall.enter(method, target, args);
 * if (call == null) return proceed();
 * Object result;
 * try {
 *     result = proceed();
 * } catch (Throwable failure) {
 *     throw call.threw(failure);
 * }
 * return call.returned(result);
 * }</pre>
 *
 * Order: paths, guards, all locks as one request, transaction, body, commit, releases, and then what the call itself took.
 */
public final class WovenCall {

    private static final Logger LOG = LoggerFactory.getLogger(WovenCall.class);

    /** Which calls inside which transactions have been warned about. */
    private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

    private final WovenMethod method;
    private final Binding binding;

    /** Who asks: what the thread is to the engine. */
    private final Binding asking;

    /** Not looked up for an unrestricted method, which must run even where that would fail. */
    private final @Nullable Engine engine;

    private @Nullable CallHold hold;
    private @Nullable CallHold outerHold;

    /** Whether there was another current hold before. */
    private boolean swapped;

    private boolean exempting;
    private @Nullable Observation observation;

    /** The database transaction that was running when the locks were asked for: they last until it is over. */
    private SurroundingTransactions.@Nullable Running database;

    /** What it has to do with transactions; null if nothing. */
    private @Nullable CallInTransactions transactions;

    private boolean took;
    private @Nullable Interruption interruption;
    private @Nullable MonitorHooks hooks;
    private List<GuardAnswer.Use> uses = List.of();
    private List<Releasing> releasing = List.of();

    /** Set if each subscription to the result is work of its own. */
    private @Nullable LockedWork work;

    private List<Releasable> releasable = List.of();

    /** Kept holds found before the call, to be given back after it. */
    private record Releasing(ReleaseOn on, List<HoldRef> holds) {}

    private WovenCall(WovenMethod method, Binding binding, @Nullable Engine engine) {
        this.method = method;
        this.binding = binding;
        this.engine = engine;
        this.asking = engine == null ? binding : binding.in(engine);
    }

    /**
     * Does all that comes before the body.
     *
     * @param method what to do
     * @param target the target object, or null for a static method
     * @param args the arguments
     * @return the call, to be told how the body ended; null if there is nothing to do
     * @throws dev.objectlock.LockException if the body must not run
     */
    public static @Nullable WovenCall enter(WovenMethod method, @Nullable Object target, @Nullable Object[] args) {
        WovenMethod.Kind kind = method.kind();
        if (kind == WovenMethod.Kind.EXEMPT) {
            return null;
        }
        Binding binding = Binding.current();
        if (binding.isExempt(target)) {
            return null;
        }
        if (kind == WovenMethod.Kind.BY_ENGINE) {
            return enter(method.in(binding.engine()), target, args);
        }
        if (kind == WovenMethod.Kind.UNRESTRICTED) {
            WovenCall free = new WovenCall(method, binding, null);
            free.exempt(target);
            return free;
        }
        if (method.isOneGuard() && !Visit.mayBegin(binding)) {
            return enterGuarded(method, binding, target, args);
        }
        Engine engine = binding.engine();
        WovenCall call = new WovenCall(method, binding, engine);
        List<Guarding> guarded = List.of();
        List<Claim> claims;
        binding.resolving(true);
        try {
            if (!method.guards().isEmpty()) {
                guarded = call.guarding(target, args);
            }
            claims = method.claims(target, args);
            call.transactions = CallInTransactions.of(method, binding, engine, target, args);
            if (!method.releases().isEmpty()) {
                call.readReleases(target, args);
            }
        } finally {
            binding.resolving(false);
        }
        boolean somethingToEnd = call.transactions == null
                ? call.begin(target, guarded, claims)
                : call.begin(call.transactions, target, guarded, claims);
        if (method.isUnrestricted()) {
            call.exempt(target);
            return call;
        }
        return somethingToEnd ? call : null;
    }

    private void exempt(@Nullable Object target) {
        binding.exempt(target);
        exempting = true;
    }

    /** The most frequent call of all: one check, and nothing to do afterwards. */
    private static @Nullable WovenCall enterGuarded(
            WovenMethod method, Binding binding, @Nullable Object target, @Nullable Object[] args) {
        GuardSpec guard = method.guards().get(0);
        Claim claim;
        binding.resolving(true);
        try {
            claim = new Claim(guard.paths().single(target, args), guard.terms());
        } finally {
            binding.resolving(false);
        }
        Engine engine = binding.engine();
        GuardAnswer.Use use = engine.taking().guard(binding.in(engine), claim, guard.require());
        if (use == null) {
            return null;
        }
        WovenCall call = new WovenCall(method, binding, engine);
        call.uses = List.of(use);
        return call;
    }

    /** With the transactions around it, and its own. */
    private boolean begin(
            CallInTransactions around, @Nullable Object target, List<Guarding> guarded, List<Claim> claims) {
        around.arrive();
        boolean somethingToEnd;
        try {
            somethingToEnd = begin(target, guarded, claims);
            if (around.isTransaction()) {
                transact(around, target);
            }
        } catch (Throwable refused) {
            around.left(refused);
            throw refused;
        }
        around.enterBody();
        return somethingToEnd || around.isOngoing() || observation != null;
    }

    /** Guards and takes; returns whether anything is left to do afterwards. */
    private boolean begin(@Nullable Object target, List<Guarding> guarded, List<Claim> claims) {
        guardAndTake(target, guarded, claims);
        if (hold instanceof ScopedHold granted) {
            afterGrant(target, granted);
        }
        return hold != null || work != null || !uses.isEmpty() || !releasing.isEmpty();
    }

    private void guardAndTake(@Nullable Object target, List<Guarding> guarded, List<Claim> claims) {
        boolean adapted = method.result().adapter() != null;
        if (!adapted) {
            findReleases();
        }
        if (!guarded.isEmpty()) {
            guard(guarded);
        }
        if (adapted) {
            work = guarded.isEmpty() && claims.isEmpty() && releasable.isEmpty()
                    ? null
                    : new LockedWork(
                            method,
                            Objects.requireNonNull(engine),
                            asking,
                            binding.innermost(),
                            target,
                            guarded,
                            claims,
                            releasable);
        } else if (!claims.isEmpty()) {
            take(claims);
        } else if (!releasing.isEmpty()) {
            database = runningDatabaseTransaction();
        }
    }

    /** The call that one subscription is: who asks decides, asks and grants without holding a thread. */
    static WovenCall ofSubscription(WovenMethod method, Binding binding, Engine engine) {
        return new WovenCall(method, binding, engine);
    }

    void uses(GuardAnswer.Use use) {
        uses = uses.isEmpty() ? new ArrayList<>(2) : uses;
        uses.add(use);
    }

    void releases(ReleaseOn on, List<HoldRef> holds) {
        releasing = releasing.isEmpty() ? new ArrayList<>(2) : releasing;
        releasing.add(new Releasing(on, holds));
    }

    void asks() {
        LockObserver observer = settings().observer();
        observation = observer == null ? null : Observation.begin(observer, method.observed());
    }

    void refused(Throwable why) {
        endUses();
        if (observation != null) {
            observation.refused(why instanceof RuntimeException plain ? plain : new CompletionException(why));
        }
    }

    /** The subscription has its hold; of one value, it is a call that the object is asked about. */
    void granted(ScopedHold granted, List<Claim> claims, @Nullable Object target) {
        holds(granted, claims);
        if (!method.result().isStream()) {
            askHooks(target, granted);
        }
    }

    private void holds(ScopedHold granted, List<Claim> claims) {
        hold = granted;
        // Only a request that keeps never joins; what others joined they did not take.
        took = method.keeps() && claims.stream().anyMatch(claim -> claim.terms().kept());
        if (observation != null) {
            observation.granted(asking.hasJoined());
        }
    }

    private void take(List<Claim> claims) {
        SurroundingTransactions.Running running = runningDatabaseTransaction();
        asks();
        CallHold granted;
        try {
            granted = taking().take(asking, claims, method.waiting());
        } catch (RuntimeException refused) {
            refused(refused);
            throw refused;
        }
        outerHold = binding.swapCurrent(granted);
        swapped = true;
        if (!(granted instanceof ScopedHold taken)) {
            proceeds(granted);
            return;
        }
        // Also where it joins: what it joined may end before the transaction does.
        database = running;
        if (running != null && !asking.hasJoined()) {
            warnInside(running);
        }
        holds(taken, claims);
    }

    private void warnInside(SurroundingTransactions.Running running) {
        if (WARNED.add(method.observed().method() + running.name())) {
            LOG.warn(
                    "{} takes its lock inside the transaction {}, which has begun without it: what that has read may be"
                            + " old. The lock is held until the transaction is over. Lock the method that begins it.",
                    method.observed().method(),
                    running.name());
        }
    }

    /** Begins the transaction, or takes part in the one that is open. */
    private void transact(CallInTransactions own, @Nullable Object target) {
        SurroundingTransactions.Running running = runningDatabaseTransaction();
        if (hold == null) {
            asks();
        }
        Participation part;
        try {
            part = own.begin(target, running);
        } catch (Throwable refused) {
            // The body never ran, so there is nothing to release for it.
            releasing = List.of();
            leaveThread();
            if (hold == null) {
                refused(refused);
            } else {
                endAfterFailure(refused);
            }
            throw refused;
        }
        if (hold == null && observation != null) {
            if (part == null) {
                observation.proceeded();
            } else {
                observation.granted(!part.isOwn());
            }
        }
        if (part == null) {
            return;
        }
        CallHold around = binding.swapCurrent(part.hold());
        if (hold == null) {
            outerHold = around;
            swapped = true;
        }
        if (running != null && database == null && part.isOwn()) {
            warnInside(running);
        }
        database = running;
    }

    /** The store is out, and the work goes on without a hold. */
    void proceeds(CallHold none) {
        hold = none;
        if (observation != null) {
            observation.proceeded();
        }
    }

    private SurroundingTransactions.@Nullable Running runningDatabaseTransaction() {
        return Objects.requireNonNull(engine).runningDatabaseTransaction();
    }

    private Settings settings() {
        return Objects.requireNonNull(engine).settings();
    }

    /** What some calls want besides: to be interrupted when the hold is lost, and the object's own consent. */
    private void afterGrant(@Nullable Object target, ScopedHold granted) {
        if (method.interrupts()) {
            interruption = new Interruption();
            interruption.until(taking().whenLost(granted, interruption));
        }
        askHooks(target, granted);
    }

    private void askHooks(@Nullable Object target, ScopedHold granted) {
        if (method.takesMonitor() && target instanceof MonitorHooks asked && !asking.hasJoined()) {
            try {
                taking().checkEntered(granted, method.waiting(), asked);
                hooks = asked;
            } catch (RuntimeException | Error refused) {
                // The body never ran, so there is nothing to release for it.
                releasing = List.of();
                leaveThread();
                endAfterFailure(refused);
                throw refused;
            }
        }
    }

    /**
     * The body has returned.
     *
     * @param result what it returned
     * @return what the caller gets
     * @throws dev.objectlock.LockLostException if the hold was lost meanwhile
     */
    public @Nullable Object returned(@Nullable Object result) {
        leaveThread();
        if (result != null && method.result().isStage()) {
            return after((CompletionStage<?>) result);
        }
        if (database != null) {
            endWithDatabase(database);
            return result;
        }
        endAfterReturn();
        ResultAdapter adapter = method.result().adapter();
        return work == null || result == null || adapter == null ? result : adapter.adapt(result, work);
    }

    /**
     * The body has failed.
     *
     * @param failure what it threw
     * @return the same, to be thrown on
     */
    public Throwable threw(Throwable failure) {
        leaveThread();
        if (database != null) {
            return endWithDatabase(database, failure);
        }
        if (work != null) {
            // Nobody will ever subscribe: the call itself was the work, and it has failed.
            try {
                findReleases();
            } catch (RuntimeException alsoFailed) {
                failure.addSuppressed(alsoFailed);
            }
        }
        return endAfterFailure(failure);
    }

    private void endWithDatabase(SurroundingTransactions.Running around) {
        if (transactions != null) {
            try {
                transactions.prepared(Objects.requireNonNull(database));
            } catch (RuntimeException notPossible) {
                endWithDatabase(around, notPossible);
                throw notPossible;
            }
        }
        around.whenOver(committed -> endAfterTransaction(committed, null));
    }

    private Throwable endWithDatabase(SurroundingTransactions.Running around, Throwable failure) {
        if (transactions != null) {
            transactions.failedInside(failure, Objects.requireNonNull(database));
        }
        around.whenOver(committed -> endAfterTransaction(committed, failure));
        return toldToCaller(failure);
    }

    /** The caller has been told how the body ended; what became of the locks since can only be written down. */
    private void endAfterTransaction(boolean committed, @Nullable Throwable failure) {
        if (failure != null || !committed) {
            endAfterFailure(failure != null ? failure : new DatabaseRolledBack());
            return;
        }
        try {
            endAfterReturn();
        } catch (RuntimeException lost) {
            LOG.error(
                    "{}: the transaction around the call was committed",
                    method.observed().method(),
                    lost);
        }
    }

    private void leaveThread() {
        if (swapped) {
            binding.swapCurrent(outerHold);
        }
        if (transactions != null) {
            transactions.leaveThread();
        }
        if (exempting) {
            binding.endExempt();
        }
        if (interruption != null) {
            interruption.bodyEnded();
        }
    }

    /** The hold ends when the stage does, and only then does the caller's stage complete. */
    private <T> CompletableFuture<T> after(CompletionStage<T> stage) {
        CompletableFuture<T> out = new CompletableFuture<>();
        if (interruption != null) {
            interruption.onStage(out, stage);
        }
        if (database == null) {
            Stages.after(stage, out, this::endAfterReturn, this::endAfterFailure);
            return out;
        }
        // Whoever waits for the work inside the transaction must not wait for the transaction.
        SurroundingTransactions.Running around = new WhenBothAreOver(database);
        Stages.after(stage, out, () -> endWithDatabase(around), failure -> endWithDatabase(around, failure));
        return out;
    }

    void endAfterReturn() {
        if (transactions != null) {
            try {
                // After a database transaction the decision has been made.
                transactions.commit(database == null && hold instanceof ScopedHold lock ? lock : null);
            } catch (RuntimeException | Error failed) {
                endAfterFailure(failed);
                throw failed;
            }
        }
        try {
            endLocks();
            if (transactions != null) {
                transactions.left(null);
            }
        } catch (RuntimeException lost) {
            ended(lost);
            throw lost;
        }
        ended(null);
    }

    private void endLocks() {
        exitMonitor();
        stopListening();
        try {
            release(false);
        } finally {
            try {
                if (hold != null) {
                    hold.endAfterReturn(took);
                }
            } finally {
                endUses();
            }
        }
    }

    private void ended(@Nullable Throwable failure) {
        if (transactions != null && failure != null) {
            transactions.left(failure);
        }
        if (observation != null) {
            observation.ended(failure);
        }
    }

    /** Returns what the caller is told: why the body was interrupted, if it was, else what it threw. */
    Throwable endAfterFailure(Throwable failure) {
        if (transactions != null) {
            try {
                transactions.failed(failure);
            } catch (RuntimeException | Error also) {
                failure.addSuppressed(also);
            }
        }
        exitMonitor();
        stopListening();
        try {
            release(true);
        } catch (RuntimeException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
        if (hold != null) {
            hold.endAfterFailure(took, failure);
        }
        endUses();
        Throwable told = toldToCaller(failure);
        ended(told);
        return told;
    }

    /** Why the body was interrupted, if it was. */
    private Throwable toldToCaller(Throwable failure) {
        Loss loss = interruption == null ? null : interruption.loss();
        if (!(hold instanceof ScopedHold taken) || loss == null) {
            return failure;
        }
        LockLostException lost = taken.lostWhileRunning(loss);
        lost.addSuppressed(failure);
        return lost;
    }

    private void stopListening() {
        if (interruption != null) {
            interruption.stop();
        }
    }

    private void exitMonitor() {
        MonitorHooks entered = hooks;
        hooks = null;
        if (entered != null) {
            try {
                entered.monitorExit();
            } catch (RuntimeException | Error failed) {
                LOG.warn("monitorExit of {} failed; the lock is given back all the same", entered, failed);
            }
        }
    }

    private Taking taking() {
        return Objects.requireNonNull(engine).taking();
    }

    private void release(boolean failed) {
        for (Releasing one : releasing) {
            if (!failed || one.on == ReleaseOn.ALWAYS) {
                taking().giveBack(one.holds);
            }
        }
    }

    private void endUses() {
        uses.forEach(GuardAnswer.Use::end);
        uses = List.of();
    }

    private List<Guarding> guarding(@Nullable Object target, @Nullable Object[] args) {
        List<Guarding> guarded = new ArrayList<>(2);
        for (GuardSpec guard : method.guards()) {
            if (!guard.skipIf().holds(target, args)) {
                guard.paths()
                        .forEach(
                                target,
                                args,
                                path -> guarded.add(new Guarding(new Claim(path, guard.terms()), guard.require())));
            }
        }
        return guarded;
    }

    private void guard(List<Guarding> guarded) {
        try {
            for (Guarding one : guarded) {
                GuardAnswer.Use use = taking().guard(asking, one.claim(), one.require());
                if (use != null) {
                    uses(use);
                }
            }
        } catch (RuntimeException refused) {
            endUses();
            throw refused;
        }
    }

    private void readReleases(@Nullable Object target, @Nullable Object[] args) {
        releasable = new ArrayList<>(method.releases().size());
        for (ReleaseSpec release : method.releases()) {
            if (!release.skipIf().holds(target, args)) {
                release.paths()
                        .forEach(
                                target,
                                args,
                                path -> releasable.add(new Releasable(path, release.modes(), release.on())));
            }
        }
    }

    private void findReleases() {
        for (Releasable one : releasable) {
            List<HoldRef> holds = taking().findKept(asking, one.path(), one.modes());
            if (!holds.isEmpty()) {
                releases(one.on(), holds);
            }
        }
    }
}
