package dev.objectlock.engine;

import dev.objectlock.Hold;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockLostException;
import dev.objectlock.LockPath;
import dev.objectlock.Loss;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.GuardAnswer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request with scoped claims and, once granted, its hold: counted by the calls that share it, given back by the last.
 * Thread-safe.
 *
 * <p>A request over several trees is one such hold for each tree; the first of them has the others.
 */
public final class ScopedHold extends Ask implements CallHold {

    private static final Logger LOG = LoggerFactory.getLogger(ScopedHold.class);

    private static final VarHandle CALLS;
    private static final VarHandle LOSS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            CALLS = lookup.findVarHandle(ScopedHold.class, "calls", int.class);
            LOSS = lookup.findVarHandle(ScopedHold.class, "loss", Loss.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Engine engine;
    private final Flow flow;

    /** To whom it was granted. */
    private Membership membership;

    private volatile @Nullable ScopedHold below;
    private List<Answer.Kept> kept = List.of();
    private List<ScopedHold> others = List.of();
    private List<GuardAnswer.Use> uses = List.of();

    /** How many calls are inside. Zero before the grant and after the end; it never rises from zero again. */
    @SuppressWarnings("unused")
    private volatile int calls;

    @SuppressWarnings("unused")
    private volatile @Nullable Loss loss;

    /** Its own flow removed an object of it: that is no loss, but nothing joins it any more, and it covers nothing. */
    private volatile boolean removed;

    ScopedHold(
            Engine engine,
            Flow flow,
            List<Claim> claims,
            Patience patience,
            boolean passesWaiters,
            boolean transaction,
            long askedAt) {
        super(flow.owner(), flow.series(), claims, patience, passesWaiters, transaction, askedAt);
        this.engine = engine;
        this.flow = flow;
        this.membership = engine.membership();
    }

    /** It is being asked for by this membership. */
    void askedBy(Membership asking) {
        membership = asking;
    }

    Membership membership() {
        return membership;
    }

    void granted(Answer.Granted answer) {
        kept = answer.kept();
        CALLS.set(this, 1);
        if (hasScopedClaim()) {
            flow.push(this);
        } else {
            // A slot is kept and is all that the call has: the call is use of it.
            uses = engine.use(kept);
        }
    }

    /** A slot that is kept is all that its call has. */
    boolean hasScopedClaim() {
        for (Claim claim : claims()) {
            if (!claim.terms().kept()) {
                return true;
            }
        }
        return false;
    }

    /** It is the first of several that were taken together, and ends with them. */
    void with(List<ScopedHold> more) {
        others = more;
    }

    /**
     * Returns the fence that counts for an object.
     *
     * @param root the name of its tree
     * @return the token; 0 if this hold has nothing there
     */
    long fenceOf(String root) {
        if (rootName().equals(root)) {
            return fence();
        }
        for (ScopedHold other : others) {
            if (other.rootName().equals(root)) {
                return other.fence();
            }
        }
        return 0;
    }

    /** The name of its first hold, which is a kept one if there is nothing else. */
    String name() {
        return hasScopedClaim() || kept.isEmpty()
                ? holdId(0)
                : kept.get(0).ref().id();
    }

    /** All objects, tree by tree. */
    List<LockPath> paths() {
        List<LockPath> paths = new ArrayList<>();
        claims().forEach(claim -> paths.add(claim.path()));
        others.forEach(other -> paths.addAll(other.paths()));
        return paths.stream().distinct().toList();
    }

    /**
     * Returns why the hold was lost.
     *
     * @return null as long as it is not
     */
    public @Nullable Loss loss() {
        Loss own = loss;
        Loss why = own != null ? own : lossOfMembership();
        for (int i = 0; why == null && i < others.size(); i++) {
            why = others.get(i).loss();
        }
        return why;
    }

    /** What is kept, such as the slot of a call that has nothing else, may outlive the membership. */
    private @Nullable Loss lossOfMembership() {
        Loss over = membership.over();
        return over != null && hasScopedClaim() ? over : null;
    }

    @Override
    public Hold asCurrent() {
        return new CurrentHold(this);
    }

    @Override
    public void end() {
        if (wasLast()) {
            try {
                engine.returns().giveBack(this);
            } finally {
                endAll(others);
            }
        }
    }

    /** One call leaves it. Returns whether nobody is inside any more. */
    private boolean wasLast() {
        if ((int) CALLS.getAndAdd(this, -1) == 1) {
            flow.clearEnded();
            uses.forEach(GuardAnswer.Use::end);
            return true;
        }
        return false;
    }

    /**
     * Whoever took it does not want it: ends it, and gives back what was taken to keep with it. Returns whether that is done;
     * never fails.
     */
    CompletionStage<Boolean> undo() {
        if (wasLast()) {
            engine.losses().ended(this);
            return engine.returns().undo(this);
        }
        // Another call of its flow has joined it, and ends it later.
        return engine.returns().undoKept(kept);
    }

    /** Ends all, also if one cannot be given back. */
    static void endAll(List<ScopedHold> holds) {
        RuntimeException first = null;
        for (ScopedHold hold : holds) {
            try {
                hold.end();
            } catch (RuntimeException failed) {
                first = first == null ? failed : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    @Override
    public void endAfterReturn(boolean took) {
        RuntimeException unconfirmed = null;
        try {
            if (loss() == null) {
                engine.heart().confirmIfSuspect();
            }
        } catch (RuntimeException failed) {
            unconfirmed = failed;
        }
        end();
        // Asked afterwards: the store says that it was lost before it takes it back.
        Loss why = loss();
        if (why == null && took) {
            why = engine.losses().tellOfHolds(allKept());
        }
        if (why != null) {
            throw lostWhileRunning(why);
        }
        if (unconfirmed != null) {
            throw unconfirmed;
        }
    }

    /**
     * Makes sure that it is held.
     *
     * @throws LockLostException if it is lost
     */
    public void throwIfLost() {
        Loss why = loss();
        if (why != null) {
            throw lostWhileRunning(why);
        }
    }

    /**
     * Makes the error of a call whose hold was lost.
     *
     * @param why the loss
     * @return the error
     */
    public LockLostException lostWhileRunning(Loss why) {
        LockPath path = claims().get(0).path();
        return new LockLostException("the lock on " + path + " was lost while the call was running", path, why);
    }

    @Override
    public void endAfterFailure(boolean took, Throwable failure) {
        try {
            end();
        } catch (RuntimeException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
        try {
            if (took) {
                engine.returns().giveBackCreated(allKept());
            }
        } catch (RuntimeException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    @Override
    public void endAfterTransaction(boolean took, boolean committed) {
        try {
            if (committed) {
                endAfterReturn(took);
            } else {
                end();
                if (took) {
                    engine.returns().giveBackCreated(allKept());
                }
            }
        } catch (RuntimeException failed) {
            LOG.error(
                    "{}: the transaction around the call was {}",
                    paths(),
                    committed ? "committed" : "rolled back",
                    failed);
        }
    }

    /** The kept holds that were taken with it. */
    List<Answer.Kept> allKept() {
        if (others.isEmpty()) {
            return kept;
        }
        List<Answer.Kept> all = new ArrayList<>(kept);
        others.forEach(other -> all.addAll(other.kept));
        return all;
    }

    List<ScopedHold> others() {
        return others;
    }

    /**
     * Returns where it was granted.
     *
     * @return the engine
     */
    public Engine engine() {
        return engine;
    }

    Flow flow() {
        return flow;
    }

    /** What is known of one of its holds, for those who are told of it. */
    HoldInfo info(int part) {
        Claim claim = claims().get(part);
        return new HoldInfo(
                holdId(part),
                claim.path(),
                claim.terms().mode(),
                claim.terms().scope(),
                claim.terms().access(),
                claim.extent(),
                false,
                owner(),
                fence(),
                engine.wallTimeOf(grantedAt()),
                null,
                claim.terms().slots());
    }

    /**
     * Has somebody told when it is lost.
     *
     * @param listener told the reason, on a thread of the engine's own
     * @return what ends it: nobody is told from then on
     */
    public Runnable whenLost(Consumer<Loss> listener) {
        return engine.taking().whenLost(this, listener);
    }

    @Nullable
    ScopedHold below() {
        return below;
    }

    void setBelow(@Nullable ScopedHold hold) {
        below = hold;
    }

    /**
     * Returns whether it has not been given back.
     *
     * @return true as long as a call is inside
     */
    public boolean isOngoing() {
        return (int) CALLS.getVolatile(this) > 0;
    }

    boolean join() {
        int now = (int) CALLS.getVolatile(this);
        while (now > 0) {
            if (CALLS.compareAndSet(this, now, now + 1)) {
                return true;
            }
            now = (int) CALLS.getVolatile(this);
        }
        return false;
    }

    /** Whether everything that is asked for is covered by this one hold. */
    boolean canBeJoinedBy(List<Claim> asked) {
        // What a transaction holds ends with that, whoever is inside.
        if (isTransaction() || loss() != null || isRemoved() || !isOngoing()) {
            return false;
        }
        for (Claim claim : asked) {
            if (claim.terms().kept() || !isCovered(claim)) {
                return false;
            }
        }
        return true;
    }

    private boolean isRemoved() {
        for (ScopedHold other : others) {
            if (other.removed) {
                return true;
            }
        }
        return removed;
    }

    private boolean isCovered(Claim claim) {
        for (Claim mine : claims()) {
            if (isCall(mine) && !claim.terms().isSlot() && isEnough(mine, claim)) {
                return true;
            }
        }
        for (ScopedHold other : others) {
            if (other.isCovered(claim)) {
                return true;
            }
        }
        return false;
    }

    /** A slot is a hold of its own, which nothing joins. */
    private static boolean isCall(Claim claim) {
        return !claim.terms().kept() && !claim.terms().isSlot();
    }

    /** With the same mode, or USER under CLIENT; no narrower and no weaker. */
    private static boolean isEnough(Claim mine, Claim asked) {
        LockMode mode = mine.terms().mode();
        LockMode wanted = asked.terms().mode();
        return (mode == wanted || mode == LockMode.CLIENT && wanted == LockMode.USER) && includes(mine, asked);
    }

    boolean covers(Claim asked) {
        if (loss() != null || removed) {
            return false;
        }
        for (Claim mine : claims()) {
            if (isCall(mine) && includes(mine, asked)) {
                return true;
            }
        }
        return false;
    }

    private static boolean includes(Claim mine, Claim asked) {
        return mine.terms().access().includes(asked.terms().access()) && mine.covers(asked);
    }

    /** Called once at most by a backend, whatever ends first. */
    void lost(Loss why) {
        boolean own = why.reason() == Loss.Reason.REMOVED
                && why.by() != null
                && why.by().isSameFlow(owner());
        // Whoever relies on it to keep others out has lost it all the same.
        if (own && !isTransaction()) {
            removed = true;
            return;
        }
        LOSS.compareAndSet(this, null, why);
    }
}
