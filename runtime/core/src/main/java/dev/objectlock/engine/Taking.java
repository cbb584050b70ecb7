package dev.objectlock.engine;

import dev.objectlock.Blocker;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockLostException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockPrivilegeException;
import dev.objectlock.Loss;
import dev.objectlock.MonitorHooks;
import dev.objectlock.MonitorLockedException;
import dev.objectlock.Privilege;
import dev.objectlock.Refused;
import dev.objectlock.Renewal;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.Require;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.Guard;
import dev.objectlock.backend.GuardAnswer;
import dev.objectlock.backend.HoldRef;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes and checks for a binding: who may, what was lost, what can be joined, and only then what the store says. */
public final class Taking {

    private static final Set<LockMode> ALL_MODES = EnumSet.allOf(LockMode.class);

    private final Engine engine;
    private final Acquisition acquisition;

    Taking(Engine engine) {
        this.engine = engine;
        this.acquisition = new Acquisition(engine);
    }

    /**
     * Takes a scoped hold, and in the same request kept ones.
     *
     * @param binding who asks
     * @param claims what is asked for, at least one of them scoped
     * @param waiting for what it waits
     * @return the hold, to be ended once
     * @throws LockBusyException if it was not granted
     * @throws LockBackendException if the store cannot be reached, unless work goes on without it
     */
    public CallHold take(Binding binding, List<Claim> claims, Waiting waiting) {
        Taken taken = tryTake(binding, claims, waiting);
        if (taken instanceof CallHold hold) {
            return hold;
        }
        throw ((Acquisition.NotHeld) taken).error();
    }

    /** As {@link #take}, with an answer instead of an error. */
    Taken tryTake(Binding binding, List<Claim> claims, Waiting waiting) {
        Flow flow = checked(binding, claims);
        ScopedHold joined = flow.join(claims);
        binding.noteJoined(joined != null);
        if (joined != null) {
            return joined;
        }
        if (!Trees.isOne(claims)) {
            return orGoOn(claims, scoped(binding, flow, claims, waiting).take(engine));
        }
        return tryTake(binding, request(flow, claims, waiting), waiting);
    }

    /**
     * Takes the hold of a transaction: one of its own, whatever its flow has already.
     *
     * @param binding who asks
     * @param claims what it changes, all under one root
     * @param waiting for what it waits
     * @return the hold, to be ended once
     */
    CallHold takeForTransaction(Binding binding, List<Claim> claims, Waiting waiting) {
        Flow flow = checked(binding, claims);
        binding.noteJoined(false);
        Taken taken = tryTake(binding, request(flow, claims, waiting, true), waiting);
        if (taken instanceof CallHold hold) {
            return hold;
        }
        throw ((Acquisition.NotHeld) taken).error();
    }

    private Taken tryTake(Binding binding, ScopedHold hold, Waiting waiting) {
        List<Claim> claims = hold.claims();
        Acquisition.Outcome outcome = acquisition.send(hold, deadline(hold.askedAt(), waiting), binding.session());
        if (outcome instanceof Acquisition.NotHeld not) {
            return not;
        }
        if (outcome instanceof Acquisition.Unreachable out) {
            return orGoOn(claims, out);
        }
        try {
            granted(hold, ((Acquisition.Held) outcome).granted());
        } catch (RuntimeException | Error failed) {
            engine.await(hold.undo());
            throw failed;
        }
        return hold;
    }

    /** If the store could not be reached the work goes on without it, or does not. */
    private Taken orGoOn(List<Claim> claims, Taken taken) {
        return taken instanceof Acquisition.Unreachable out
                ? engine.outage()
                        .goOn(
                                out.ask().owner(),
                                claims.stream().map(Claim::path).toList(),
                                out.why())
                : taken;
    }

    private Batch scoped(Binding binding, Flow flow, List<Claim> claims, Waiting waiting) {
        long deadline = deadline(engine.time().nanoTime(), waiting);
        return new ScopedBatch(this, acquisition, binding.session(), flow, claims, waiting, deadline);
    }

    /** When a wait is over; a wait for ever is over when nobody lives any more. */
    static long deadline(long askedAt, Waiting waiting) {
        long longest = waiting.longest().toNanos();
        // nanoTime may be negative and wraps around: what is compared is the difference.
        return askedAt + Math.min(longest, Long.MAX_VALUE / 2);
    }

    /**
     * Takes a scoped hold for work that holds no thread, in the binding's flow.
     *
     * @param binding who asks
     * @param claims what is asked for
     * @param waiting for what it waits
     * @return the request
     */
    public AsyncTake takeAsync(Binding binding, List<Claim> claims, Waiting waiting) {
        Asking asking = tryTakeAsync(binding, claims, waiting);
        CompletableFuture<CallHold> taken = asking.taken().thenApply(outcome -> {
            if (outcome instanceof Acquisition.NotHeld not) {
                throw not.error();
            }
            return (CallHold) outcome;
        });
        return new AsyncTake(taken, asking.giveUp());
    }

    /**
     * A request that is being asked.
     *
     * @param taken what comes of it
     * @param giveUp leaves the line, if it has not been decided
     */
    record Asking(CompletableFuture<Taken> taken, Runnable giveUp) {}

    Asking tryTakeAsync(Binding binding, List<Claim> claims, Waiting waiting) {
        try {
            Flow flow = checked(binding, claims);
            ScopedHold joined = flow.join(claims);
            binding.noteJoined(joined != null);
            if (joined != null) {
                return new Asking(CompletableFuture.completedFuture(joined), () -> {});
            }
            return asking(claims, scoped(binding, flow, claims, waiting));
        } catch (RuntimeException refused) {
            return new Asking(CompletableFuture.failedFuture(refused), () -> {});
        }
    }

    private Asking asking(List<Claim> claims, Batch batch) {
        return new Asking(batch.takeAsync().thenApply(taken -> orGoOn(claims, taken)), batch::giveUp);
    }

    /**
     * A request that holds no thread.
     *
     * @param hold completes with the hold, or with the error, on whatever thread decided it: go on elsewhere
     * @param giveUp leaves the line, if it has not been decided
     */
    public record AsyncTake(CompletableFuture<CallHold> hold, Runnable giveUp) {}

    /** Takes kept holds alone. */
    Taken tryKeep(Binding binding, List<Claim> claims, Waiting waiting) {
        return orGoOn(claims, kept(binding, claims, waiting).take(engine));
    }

    /** As {@link #tryKeep}, for work that holds no thread. */
    Asking tryKeepAsync(Binding binding, List<Claim> claims, Waiting waiting) {
        try {
            return asking(claims, kept(binding, claims, waiting));
        } catch (RuntimeException refused) {
            return new Asking(CompletableFuture.failedFuture(refused), () -> {});
        }
    }

    private Batch kept(Binding binding, List<Claim> claims, Waiting waiting) {
        Flow flow = checked(binding, claims);
        long begun = engine.time().nanoTime();
        return new KeptBatch(engine, acquisition, binding.session(), flow, claims, waiting, begun);
    }

    /** Answers whether a request would be granted. */
    @Nullable
    Refused check(Binding binding, List<Claim> claims) {
        engine.checkOpen();
        Flow flow = binding.flowIn(engine);
        checkPrivileges(binding, claims);
        if (flow.canJoin(claims)) {
            return null;
        }
        for (List<Claim> ofTree : Trees.split(claims)) {
            Ask ask = request(flow, ofTree, Waiting.NOT);
            Answer answer = engine.ask(
                            () -> "asking whether a lock on "
                                    + ask.claims().get(0).path() + " would be granted",
                            process -> process.check(ask))
                    .orElse(null);
            if (answer instanceof Answer.Refused refused) {
                return acquisition.refused(ask, refused);
            }
            if (answer != null) {
                throw acquisition.failure(ask, answer);
            }
        }
        return null;
    }

    /**
     * Checks before work that takes no lock.
     *
     * @param binding who is about to work
     * @param claim what the work touches, as a scoped USER claim
     * @param require what is asked for
     * @return what to end when the work is done, or null if there is nothing
     * @throws LockBusyException if somebody else is in the way
     * @throws LockNotHeldException if the caller's holds do not cover it, and they must
     * @throws LockLostException if the caller had a hold on it and lost it
     * @throws LockBackendException if the store cannot be reached, unless work goes on without it
     */
    public GuardAnswer.@Nullable Use guard(Binding binding, Claim claim, Require require) {
        Guard guard = guardOf(binding, claim, require);
        GuardAnswer answer;
        try {
            answer = engine.await(engine.process().guard(guard));
        } catch (LockBackendException failed) {
            goOnUnguarded(guard, failed);
            return null;
        }
        return passed(guard, answer);
    }

    private void goOnUnguarded(Guard guard, LockBackendException failed) {
        LockPath path = guard.claim().path();
        String tried = "checking for " + guard.owner().name() + " whether somebody has " + path;
        engine.outage().goOn(guard.owner(), List.of(path), engine.outage().of(tried, failed));
    }

    /**
     * As {@link #guard}, for work that holds no thread.
     *
     * @param binding who is about to work
     * @param claim what the work touches, as a scoped USER claim
     * @param require what is asked for
     * @return what to end when the work is done, or null if there is nothing; fails with what {@code guard} throws
     */
    public CompletableFuture<GuardAnswer.@Nullable Use> guardAsync(Binding binding, Claim claim, Require require) {
        try {
            Guard guard = guardOf(binding, claim, require);
            return engine.process()
                    .guard(guard)
                    .<GuardAnswer.@Nullable Use>handle((answer, failure) -> {
                        if (failure == null) {
                            return passed(guard, answer);
                        }
                        goOnUnguarded(guard, backendFailure(failure));
                        return null;
                    })
                    .toCompletableFuture();
        } catch (RuntimeException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private Guard guardOf(Binding binding, Claim claim, Require require) {
        engine.checkOpen();
        Flow flow = binding.flowIn(engine);
        throwIfLost(flow.owner(), claim);
        return new Guard(flow.owner(), claim, require == Require.HELD && !flow.covers(claim));
    }

    private static GuardAnswer.@Nullable Use passed(Guard guard, GuardAnswer answer) {
        LockOwner owner = guard.owner();
        Claim claim = guard.claim();
        if (answer == GuardAnswer.PASSED) {
            return null;
        }
        if (answer instanceof GuardAnswer.Passed passed) {
            return passed.use();
        }
        if (answer instanceof GuardAnswer.InTheWay inTheWay) {
            throw LockBusyException.of(new Refused(claim.path(), null, owner, inTheWay.blocker(), 1));
        }
        throw new LockNotHeldException(owner.name() + " has no " + claim.terms().access() + " lock that covers "
                + claim.path() + (claim.terms().isTree() ? " and all below it" : "")
                + ", and this call needs one; lock it first");
    }

    /**
     * Finds the kept holds of the caller on one object.
     *
     * @param binding who asks
     * @param path the object
     * @param modes the modes in question, none meaning all
     * @return the holds; none if the store cannot be reached and work goes on without it
     * @throws LockBackendException if the store cannot be reached, unless work goes on without it
     */
    public List<HoldRef> findKept(Binding binding, LockPath path, Set<LockMode> modes) {
        LockOwner owner = binding.flowIn(engine).owner();
        try {
            return engine.ask(
                    () -> "looking for what " + owner.name() + " keeps on " + path,
                    process -> process.find(path, modes.isEmpty() ? ALL_MODES : modes, owner));
        } catch (LockBackendException failed) {
            engine.outage().goOn(owner, List.of(path), failed);
            return List.of();
        }
    }

    /**
     * As {@link #findKept}, for work that holds no thread.
     *
     * @param binding who asks
     * @param path the object
     * @param modes the modes in question, none meaning all
     * @return the holds
     */
    public CompletableFuture<List<HoldRef>> findKeptAsync(Binding binding, LockPath path, Set<LockMode> modes) {
        LockOwner owner = binding.flowIn(engine).owner();
        return engine.process()
                .find(path, modes.isEmpty() ? ALL_MODES : modes, owner)
                .exceptionally(failure -> {
                    String tried = "looking for what " + owner.name() + " keeps on " + path;
                    engine.outage().goOn(owner, List.of(path), engine.outage().of(tried, backendFailure(failure)));
                    return List.of();
                })
                .toCompletableFuture();
    }

    /** Other failures come out as they are. */
    private static LockBackendException backendFailure(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof LockBackendException known) {
            return known;
        }
        throw cause instanceof RuntimeException other ? other : new CompletionException(cause);
    }

    /**
     * Gives kept holds back, wherever they are.
     *
     * @param holds what {@link #findKept} found
     */
    public void giveBack(List<HoldRef> holds) {
        engine.returns().giveBack(holds);
    }

    /**
     * Has somebody told when a hold is lost.
     *
     * @param hold the hold
     * @param listener told the reason, on a thread of the engine's own
     * @return what ends it: nobody is told from then on
     */
    public Runnable whenLost(ScopedHold hold, Consumer<Loss> listener) {
        Runnable stop = engine.losses().whenLost(hold, listener);
        List<String> kept = hold.allKept().stream().map(one -> one.ref().id()).toList();
        if (kept.isEmpty()) {
            return stop;
        }
        Runnable stopKept = engine.losses().whenLost(kept, listener);
        return () -> {
            stop.run();
            stopKept.run();
        };
    }

    /**
     * Asks an object whether it lets a call in that has been granted its monitor.
     *
     * @param hold the hold
     * @param waiting how long the call was willing to wait
     * @param hooks the object
     * @throws MonitorLockedException if it does not
     */
    public void checkEntered(ScopedHold hold, Waiting waiting, MonitorHooks hooks) {
        long spent = engine.time().nanoTime() - hold.askedAt();
        Duration left = waiting.longest().minusNanos(spent);
        if (hooks.monitorEnter(left.isNegative() ? Duration.ZERO : left)) {
            return;
        }
        HoldInfo own = hold.info(0);
        throw new MonitorLockedException(
                new Refused(own.path(), own.mode(), hold.owner(), new Blocker(own, Blocker.Kind.OBJECT), 1));
    }

    ScopedHold request(Flow flow, List<Claim> claims, Waiting waiting) {
        return request(flow, claims, waiting, false);
    }

    private ScopedHold request(Flow flow, List<Claim> claims, Waiting waiting, boolean transaction) {
        return new ScopedHold(
                engine,
                flow,
                claims,
                waiting.patience(),
                flow.hasScopedHold(),
                transaction,
                engine.time().nanoTime());
    }

    void granted(ScopedHold hold, Answer.Granted granted) {
        hold.granted(granted);
        if (!granted.kept().isEmpty()) {
            noteTakenAgain(hold, granted.kept());
        }
        engine.deadlocks().granted(hold.owner());
    }

    private Flow checked(Binding binding, List<Claim> claims) {
        engine.noteUse();
        engine.checkOpen();
        Session session = binding.session();
        if (session != null && claims.stream().anyMatch(claim -> claim.terms().kept())) {
            session.checkOpen();
        }
        checkPrivileges(binding, claims);
        Flow flow = binding.flowIn(engine);
        if (engine.losses().anyUntold()) {
            for (Claim claim : claims) {
                if (!claim.terms().kept() && !isTakenAnew(claim, claims)) {
                    throwIfLost(flow.owner(), claim);
                }
            }
        }
        return flow;
    }

    private static boolean isTakenAnew(Claim claim, List<Claim> claims) {
        return claims.stream()
                .anyMatch(other -> other.terms().kept() && other.path().equals(claim.path()));
    }

    private void throwIfLost(LockOwner owner, Claim claim) {
        if (engine.losses().anyUntold()) {
            Loss loss = engine.losses().tell(owner, claim);
            if (loss != null) {
                throw new LockLostException(
                        owner.name() + " had a lock that covers " + claim.path() + " and has lost it",
                        claim.path(),
                        loss);
            }
        }
    }

    /** What a request has taken to keep is kept up from now on, and if it had been lost its owner need not hear of it. */
    void noteTakenAgain(Ask ask, List<Answer.Kept> kept) {
        int next = 0;
        for (Claim claim : ask.claims()) {
            if (claim.terms().kept()) {
                Duration lease = claim.terms().lease();
                if (lease != null && claim.terms().renewal() == Renewal.AUTO) {
                    engine.heart().keep(lease);
                }
                long fence = kept.get(next++).fence();
                if (!claim.terms().isSlot()) {
                    engine.losses()
                            .takenAgain(ask.owner(), claim.path(), claim.terms().mode(), fence);
                }
            }
        }
    }

    private static void checkPrivileges(Binding binding, List<Claim> claims) {
        String barred = binding.barred();
        if (barred != null) {
            throw new LockAuthenticationException("a " + claims.get(0).terms().mode() + " lock on "
                    + claims.get(0).path() + " needs a user: " + barred);
        }
        for (Claim claim : claims) {
            if (!claim.terms().isMonitor()) {
                checkMayOwn(binding, claim);
            } else if (claim.terms().kept() && !claim.terms().isSlot() && !binding.isEntered()) {
                throw new LockAuthenticationException(
                        "a MONITOR on " + claim.path() + " cannot be kept by a thread that"
                                + " entered no owner, since nobody could come back for it; enter one with"
                                + " ObjectLocks.callAs(owner, ...)");
            }
        }
    }

    private static void checkMayOwn(Binding binding, Claim claim) {
        String user = binding.owner().user();
        if (user == null) {
            throw new LockAuthenticationException("a " + claim.terms().mode() + " lock on " + claim.path()
                    + " needs a user, and there is none on this thread; run the call inside"
                    + " ObjectLocks.callAs(LockOwner.user(name), ...) or in a client's session");
        }
        Set<Privilege> privileges = binding.privileges();
        if (!privileges.contains(Privilege.OBJECTLOCK) && !privileges.contains(Privilege.OBJECTLOCKOVERRIDE)) {
            throw new LockPrivilegeException(
                    user + " may not take a " + claim.terms().mode() + " lock on " + claim.path()
                            + ": it needs the privilege '" + Privilege.OBJECTLOCK.text() + "'");
        }
    }
}
