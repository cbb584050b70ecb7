package dev.objectlock.engine;

import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockLostException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockPrivilegeException;
import dev.objectlock.Loss;
import dev.objectlock.Privilege;
import dev.objectlock.Refused;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.Require;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.Guard;
import dev.objectlock.backend.GuardAnswer;
import dev.objectlock.backend.HoldRef;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
     */
    public ScopedHold take(Binding binding, List<Claim> claims, Waiting waiting) {
        Taken taken = tryTake(binding, claims, waiting);
        if (taken instanceof ScopedHold hold) {
            return hold;
        }
        throw ((Acquisition.NotHeld) taken).error();
    }

    /** As {@link #take}, with an answer instead of an error. */
    Taken tryTake(Binding binding, List<Claim> claims, Waiting waiting) {
        Flow flow = checked(binding, claims);
        ScopedHold joined = flow.join(claims);
        if (joined != null) {
            return joined;
        }
        ScopedHold hold = request(flow, claims, waiting);
        Acquisition.Outcome outcome = acquisition.send(hold, waiting, binding.session());
        return taken(hold, outcome);
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
        ScopedHold hold;
        try {
            hold = request(checked(binding, claims), claims, waiting);
        } catch (RuntimeException refused) {
            return new AsyncTake(CompletableFuture.failedFuture(refused), () -> {});
        }
        Acquisition.Sent sent = acquisition.sendAsync(hold, waiting, binding.session());
        CompletableFuture<ScopedHold> taken = sent.outcome().thenApply(outcome -> {
            if (taken(hold, outcome) instanceof Acquisition.NotHeld not) {
                throw not.error();
            }
            return hold;
        });
        return new AsyncTake(taken, sent.giveUp());
    }

    /**
     * A request that holds no thread.
     *
     * @param hold completes with the hold, or with the error, on whatever thread decided it: go on elsewhere
     * @param giveUp leaves the line, if it has not been decided
     */
    public record AsyncTake(CompletableFuture<ScopedHold> hold, Runnable giveUp) {}

    /** Takes kept holds alone. */
    Taken tryKeep(Binding binding, List<Claim> claims, Waiting waiting) {
        Flow flow = checked(binding, claims);
        Ask ask = new Ask(
                flow.owner(),
                flow.nextRequest(),
                claims,
                waiting.patience(),
                flow.hasScopedHold(),
                engine.time().nanoTime());
        Acquisition.Outcome outcome = acquisition.send(ask, waiting, binding.session());
        if (outcome instanceof Acquisition.NotHeld not) {
            return not;
        }
        Answer.Granted granted = ((Acquisition.Held) outcome).granted();
        noteTakenAgain(flow.owner(), claims, granted.kept());
        List<LockPath> paths = claims.stream().map(Claim::path).toList();
        return new KeptHandle(engine, granted, paths, engine.wallTimeOf(ask.askedAt()));
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
        Ask ask = request(flow, claims, Waiting.NOT);
        return engine.await(engine.process().check(ask))
                .map(answer -> acquisition.refused(ask, answer))
                .orElse(null);
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
     */
    public GuardAnswer.@Nullable Use guard(Binding binding, Claim claim, Require require) {
        engine.checkOpen();
        Flow flow = binding.flowIn(engine);
        LockOwner owner = flow.owner();
        throwIfLost(owner, claim);
        boolean mustBeKept = require == Require.HELD && !flow.covers(claim);
        GuardAnswer answer = engine.await(engine.process().guard(new Guard(owner, claim, mustBeKept)));
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
     * @return the holds
     */
    public List<HoldRef> findKept(Binding binding, LockPath path, Set<LockMode> modes) {
        LockOwner owner = binding.flowIn(engine).owner();
        return engine.await(engine.process().find(path, modes.isEmpty() ? ALL_MODES : modes, owner));
    }

    /**
     * Gives kept holds back, wherever they are.
     *
     * @param holds what {@link #findKept} found
     */
    public void giveBack(List<HoldRef> holds) {
        if (!holds.isEmpty()) {
            engine.await(engine.process().giveBack(holds));
        }
    }

    /**
     * Has somebody told when a hold is lost.
     *
     * @param hold the hold
     * @param listener told the reason, on a thread of the engine's own
     */
    public void whenLost(ScopedHold hold, Consumer<Loss> listener) {
        engine.losses().whenLost(hold, listener);
    }

    private ScopedHold request(Flow flow, List<Claim> claims, Waiting waiting) {
        return new ScopedHold(
                engine,
                flow,
                claims,
                waiting.patience(),
                flow.hasScopedHold(),
                engine.time().nanoTime());
    }

    private Taken taken(ScopedHold hold, Acquisition.Outcome outcome) {
        if (outcome instanceof Acquisition.Held held) {
            hold.granted(held.granted());
            if (!held.granted().kept().isEmpty()) {
                noteTakenAgain(hold.owner(), hold.claims(), held.granted().kept());
            }
            return hold;
        }
        return (Acquisition.NotHeld) outcome;
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

    private void noteTakenAgain(LockOwner owner, List<Claim> claims, List<Answer.Kept> kept) {
        int next = 0;
        for (Claim claim : claims) {
            if (claim.terms().kept()) {
                engine.losses()
                        .takenAgain(
                                owner,
                                claim.path(),
                                claim.terms().mode(),
                                kept.get(next++).fence());
            }
        }
    }

    private static void checkPrivileges(Binding binding, List<Claim> claims) {
        for (Claim claim : claims) {
            if (!claim.terms().isMonitor()) {
                checkMayOwn(binding, claim);
            } else if (claim.terms().kept() && !binding.isEntered()) {
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
