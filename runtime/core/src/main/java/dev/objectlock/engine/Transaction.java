package dev.objectlock.engine;

import dev.objectlock.ChangedPart;
import dev.objectlock.LockLostException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockTime.Alarm;
import dev.objectlock.Loss;
import dev.objectlock.SurroundingTransactions;
import dev.objectlock.TransactionInfo;
import dev.objectlock.TransactionRolledBackException;
import dev.objectlock.UndoEntry;
import dev.objectlock.UndoStep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open transaction: what it has for itself, who is inside, and its one end. Thread-safe.
 *
 * <p>Its end is decided once, under its lock: from then on it is {@code ENDING}, and whoever is granted an overlapping part,
 * since the hold was lost, waits until the end is over. So a state is never put back over a successor's work, and a step is never
 * recorded behind one. No participant and no store is called under the lock.
 */
final class Transaction {

    private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);

    private enum State {
        /** Work can be done in it. */
        OPEN,
        /** It is being committed, or restored. */
        ENDING,
        /** Its parts are somebody else's, or free; whoever began it has not ended it. */
        LOST,
        /** Whoever began it has ended it. */
        OVER
    }

    private final Engine engine;
    private final String name;
    private final Binding home;
    private final Flow flow;
    private final Recorder recorder;
    private final Instant since;
    private final ReentrantLock lock = new ReentrantLock();

    /** Held while parts are added: two threads must not both find the same part missing. */
    private final ReentrantLock widening = new ReentrantLock();

    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private volatile List<Piece> pieces = List.of();

    /** What it is asking for at the moment. */
    private volatile List<ChangedPart> asked = List.of();

    private volatile State state = State.OPEN;
    private int calls;

    /** Set when whoever began it has ended it, and others are still inside. */
    private boolean ending;

    /** What failed inside, so that it can only be rolled back. */
    private @Nullable String failed;

    private boolean restored;
    private @Nullable Loss loss;

    /** Set when its idle time has run out: it is being restored for that reason. */
    private @Nullable Loss expiring;

    private SurroundingTransactions.@Nullable Running around;
    private long lastCall;
    private @Nullable Alarm alarm;

    /**
     * Creates it with its first call inside.
     *
     * @param engine the engine
     * @param name its name
     * @param asking who begins it
     * @param recorder what becomes of the captured states when it is committed
     */
    Transaction(Engine engine, String name, Binding asking, Recorder recorder) {
        this.engine = engine;
        this.name = name;
        this.flow = asking.flowIn(engine);
        this.home = asking.goingOn();
        this.recorder = recorder;
        this.since = engine.time().now();
        this.calls = 1;
    }

    Engine engine() {
        return engine;
    }

    String name() {
        return name;
    }

    Flow flow() {
        return flow;
    }

    Binding home() {
        return home;
    }

    List<Piece> pieces() {
        return pieces;
    }

    /** The first of its holds. */
    ScopedHold hold() {
        return pieces.get(0).hold();
    }

    long id() {
        return hold().fence();
    }

    TransactionInfo info() {
        return new TransactionInfo(id(), name, pieces.stream().map(Piece::part).toList(), flow.owner(), since);
    }

    boolean isOver() {
        return state == State.OVER;
    }

    boolean isOpen() {
        return state == State.OPEN && lostBecause() == null;
    }

    boolean isOfFlow(Flow other) {
        return flow.owner().isSameFlow(other.owner());
    }

    String rootName() {
        return hold().rootName();
    }

    /** It asks for parts, or if there are none for nothing any more. */
    void asks(List<ChangedPart> parts) {
        asked = parts;
    }

    boolean asksFor(ChangedPart part) {
        return asked.stream().anyMatch(part::overlaps);
    }

    /** Parts have been granted, and captured. */
    void add(List<Piece> more) {
        List<Piece> all = new ArrayList<>(pieces);
        all.addAll(more);
        pieces = List.copyOf(all);
    }

    /** Nobody else adds parts until {@link #widened}. */
    void widen() {
        widening.lock();
    }

    void widened() {
        widening.unlock();
    }

    /** Whether one of its parts overlaps. */
    boolean overlaps(List<ChangedPart> parts) {
        for (Piece piece : pieces) {
            ChangedPart mine = piece.part();
            for (ChangedPart part : parts) {
                if (mine.overlaps(part)) {
                    return true;
                }
            }
        }
        return false;
    }

    private @Nullable Loss lostBecause() {
        if (loss != null) {
            return loss;
        }
        for (Piece piece : pieces) {
            Loss why = piece.hold().loss();
            if (why != null) {
                return why;
            }
        }
        return null;
    }

    /**
     * A call begins inside.
     *
     * @throws LockLostException if it has been lost
     * @throws LockNotHeldException if it has ended
     */
    void begin() {
        lock.lock();
        try {
            Loss why = state == State.ENDING ? expiring : lostBecause();
            if (state != State.OVER && why != null) {
                throw lost(why);
            }
            if (state != State.OPEN || ending) {
                throw hasEnded();
            }
            calls++;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A call that began inside is over. The last one ends it, if whoever began it has done so.
     *
     * @param failure what it threw where it is part of the change, else null
     */
    void leave(@Nullable String failure) {
        boolean last;
        lock.lock();
        try {
            if (failure != null && failed == null) {
                failed = failure;
            }
            last = --calls == 0 && ending && state == State.OPEN;
            if (last) {
                state = State.ENDING;
            } else if (calls == 0) {
                idle();
            }
        } finally {
            lock.unlock();
        }
        if (last) {
            commitNow();
        }
    }

    /** Part of it failed, and whoever called that has gone on. */
    void fail(String failure) {
        lock.lock();
        try {
            failed = failed == null ? failure : failed;
        } finally {
            lock.unlock();
        }
    }

    /** Whoever began it goes away for now: it may be idle. */
    void rest() {
        leave(null);
    }

    private void idle() {
        lastCall = engine.time().nanoTime();
        if (alarm == null && state == State.OPEN && !ending) {
            alarm = engine.time().schedule(engine.transactions().idle(), this::rings);
        }
    }

    private void rings() {
        boolean expired = false;
        lock.lock();
        try {
            alarm = null;
            if (state != State.OPEN || calls > 0) {
                return;
            }
            Duration left =
                    engine.transactions().idle().minusNanos(engine.time().nanoTime() - lastCall);
            if (left.isNegative() || left.isZero()) {
                state = State.ENDING;
                expiring = new Loss(Loss.Reason.IDLE, null, null, engine.time().now());
                expired = true;
            } else {
                alarm = engine.time().schedule(left, this::rings);
            }
        } finally {
            lock.unlock();
        }
        if (expired) {
            engine.transactions().elsewhere(this::expire);
        }
    }

    /** Restores first, then gives back, and reports the loss. */
    private void expire() {
        Loss why = lostBecause();
        boolean ofOthers = why != null;
        if (why == null) {
            why = Objects.requireNonNull(expiring);
            restore(null);
        }
        try {
            if (!ofOthers) {
                for (ScopedHold hold : holds()) {
                    engine.losses().lost(hold, why);
                }
            }
            RuntimeException late = releaseAll(null);
            if (late != null) {
                LOG.warn("the transaction \"{}\" on {} could not be given back yet", name, parts(), late);
            }
        } finally {
            settle(State.LOST, why);
        }
        LOG.warn(
                "the transaction \"{}\" of {} on {} is lost: {}{}",
                name,
                flow.owner().name(),
                parts(),
                why.describe(),
                ofOthers ? "; nothing was restored" : "; what it had changed is restored");
        engine.transactions().lost(this, lost(why));
        if (!ofOthers) {
            engine.transactions().expired(holds(), why);
        }
    }

    private List<ScopedHold> holds() {
        return pieces.stream().map(Piece::hold).distinct().toList();
    }

    private List<ChangedPart> parts() {
        return pieces.stream().map(Piece::part).toList();
    }

    private void settle(State now, @Nullable Loss why) {
        Alarm pending;
        lock.lock();
        try {
            state = now;
            loss = why;
            pending = alarm;
            alarm = null;
        } finally {
            lock.unlock();
        }
        if (pending != null) {
            pending.cancel();
        }
        engine.transactions().settled(this);
        settled.complete(null);
    }

    /**
     * An overlapping part has been granted to somebody else, so this one has lost it. It will not touch that any more, or is just
     * about to end.
     *
     * @return completes when it does not touch it any more
     */
    CompletableFuture<Void> supersede() {
        boolean lostNow = false;
        lock.lock();
        try {
            if (state == State.OPEN) {
                lostNow = true;
                Loss why = lostBecause();
                state = State.LOST;
                loss = why != null
                        ? why
                        : new Loss(
                                Loss.Reason.OVERRIDDEN,
                                null,
                                null,
                                engine.time().now());
            }
            return state == State.ENDING ? settled : CompletableFuture.completedFuture(null);
        } finally {
            lock.unlock();
            if (lostNow) {
                engine.transactions().lost(this, lost(loss));
            }
        }
    }

    /** It goes on until a database transaction is over. */
    void lastsUntil(SurroundingTransactions.Running database) {
        lock.lock();
        try {
            around = database;
        } finally {
            lock.unlock();
        }
    }

    /** Whether whoever began it has done his part, and it waits for this database transaction. */
    boolean waitsFor(SurroundingTransactions.Running database) {
        lock.lock();
        try {
            return state == State.OPEN && around != null && around.equals(database);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether it could be committed, before a decision that cannot be taken back.
     *
     * @throws LockLostException if it has been lost
     * @throws TransactionRolledBackException if part of it has failed
     */
    void check() {
        lock.lock();
        try {
            Loss why = lostBecause();
            if (state == State.LOST || why != null) {
                throw lost(why);
            }
            if (failed != null) {
                throw rolledBack();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whoever began it has ended it, and wants it recorded.
     *
     * @param call whether a call inside ends with that
     * @throws LockLostException if it has been lost
     * @throws TransactionRolledBackException if part of it has failed; it is restored
     * @throws LockNotHeldException if it has ended before
     */
    void commit(boolean call) {
        lock.lock();
        try {
            calls -= call ? 1 : 0;
            if (expiring != null && state == State.ENDING) {
                throw lost(expiring);
            }
            if (state == State.OVER || state == State.ENDING || ending) {
                throw hasEnded();
            }
            if (state == State.OPEN && calls > 0) {
                ending = true;
                return;
            }
            if (state == State.OPEN) {
                state = State.ENDING;
            }
        } finally {
            lock.unlock();
        }
        commitNow();
    }

    private void commitNow() {
        if (state == State.LOST) {
            throw endLost();
        }
        RuntimeException failure = whyNot();
        if (failure != null) {
            rollbackNow(failure);
            throw failure;
        }
        UndoEntry recorded;
        try {
            recorded = recorder.record(step());
        } catch (RuntimeException | Error refused) {
            rollbackNow(refused);
            throw refused;
        }
        RuntimeException late;
        try {
            late = releaseAll(null);
        } finally {
            settle(State.OVER, null);
        }
        engine.transactions().tell(recorder.change(), recorded.root(), List.of(recorded));
        if (late != null) {
            throw late;
        }
    }

    private @Nullable RuntimeException whyNot() {
        try {
            engine.heart().confirmIfSuspect();
        } catch (RuntimeException unconfirmed) {
            return unconfirmed;
        }
        Loss why = lostBecause();
        if (why != null) {
            return lost(why);
        }
        return failed == null ? null : rolledBack();
    }

    private UndoStep step() {
        List<UndoStep.State> states = pieces.stream().map(Piece::state).toList();
        ChangedPart first = states.get(0).part();
        return new UndoStep(
                new UndoEntry(
                        first.path().root(),
                        id(),
                        name,
                        states.stream().map(UndoStep.State::part).toList(),
                        flow.owner(),
                        engine.time().now()),
                states);
    }

    /**
     * Whoever began it has ended it, and it has failed.
     *
     * @param call whether a call inside ends with that
     * @param failure what happened; whatever else happens is added to it
     */
    void rollback(boolean call, Throwable failure) {
        lock.lock();
        try {
            calls -= call ? 1 : 0;
            if (expiring != null && state == State.ENDING) {
                addTo(failure, lost(expiring));
                return;
            }
            if (state == State.OVER || state == State.ENDING || ending) {
                return;
            }
            if (state == State.OPEN && calls > 0) {
                // Restored under their hands, it would be changed by them afterwards.
                failed = failed == null ? failure.toString() : failed;
                ending = true;
                return;
            }
            if (state == State.OPEN) {
                state = State.ENDING;
            }
        } finally {
            lock.unlock();
        }
        if (state == State.LOST) {
            addTo(failure, endLost());
        } else {
            rollbackNow(failure);
        }
    }

    /** It can be committed no more, but is not given back yet: what surrounds it goes on. */
    void restoreNow(Throwable failure) {
        lock.lock();
        try {
            if (state != State.OPEN || restored) {
                return;
            }
            failed = failed == null ? failure.toString() : failed;
            restored = true;
        } finally {
            lock.unlock();
        }
        restoreUnlessLost(failure);
    }

    /** Nothing has been done in it, so there is nothing to restore. */
    void giveBack() {
        lock.lock();
        try {
            restored = true;
        } finally {
            lock.unlock();
        }
        rollback(true, new TransactionRolledBackException("nothing was done in it"));
    }

    private void rollbackNow(Throwable failure) {
        try {
            if (!restored) {
                restoreUnlessLost(failure);
            }
            releaseAll(failure);
        } finally {
            settle(State.OVER, null);
        }
    }

    private void restoreUnlessLost(Throwable failure) {
        try {
            engine.heart().confirmIfSuspect();
        } catch (RuntimeException unconfirmed) {
            addTo(failure, unconfirmed);
            return;
        }
        Loss why = lostBecause();
        if (why == null) {
            restore(failure);
        } else if (!(failure instanceof LockLostException)) {
            addTo(failure, lost(why));
        }
    }

    /** The last captured first: what was captured later may contain what was changed before. */
    private void restore(@Nullable Throwable failure) {
        List<Piece> all = pieces;
        home.inside(this).run(() -> {
            for (int i = all.size() - 1; i >= 0; i--) {
                restore(all.get(i), failure);
            }
        });
    }

    private void restore(Piece piece, @Nullable Throwable failure) {
        if (piece.hold().loss() != null) {
            return;
        }
        try {
            Binding.current().undisturbed(() -> {
                piece.state().restore();
                return true;
            });
        } catch (RuntimeException | Error broken) {
            LOG.error(
                    "{} could not be restored after the transaction \"{}\": it may be left half changed",
                    piece.part(),
                    name,
                    broken);
            if (failure != null) {
                addTo(failure, broken);
            }
        }
    }

    /** Whoever began it ends it: its holds are not there any more, or not its own. */
    private RuntimeException endLost() {
        RuntimeException lost = lost(lostBecause());
        try {
            releaseAll(lost);
        } finally {
            settle(State.OVER, loss);
        }
        return lost;
    }

    /** Gives all back that has not been; what fails is added to the failure or, if there is none, returned. */
    private @Nullable RuntimeException releaseAll(@Nullable Throwable failure) {
        RuntimeException first = null;
        for (ScopedHold hold : holds()) {
            try {
                if (hold.isOngoing()) {
                    hold.end();
                }
            } catch (RuntimeException late) {
                if (failure != null) {
                    addTo(failure, late);
                } else if (first != null) {
                    addTo(first, late);
                } else {
                    first = late;
                }
            }
        }
        return first;
    }

    private static void addTo(Throwable failure, Throwable also) {
        if (failure != also) {
            failure.addSuppressed(also);
        }
    }

    /** Ends it unheard: nothing of it is wanted any more. */
    void abandon() {
        RuntimeException unheard = new TransactionRolledBackException("it was closed without a commit");
        rollback(false, unheard);
        for (Throwable suppressed : unheard.getSuppressed()) {
            LOG.warn("the transaction \"{}\" was closed without a commit", name, suppressed);
        }
    }

    private LockLostException lost(@Nullable Loss why) {
        Loss known = Objects.requireNonNull(why);
        ChangedPart first = pieces.get(0).part();
        return new LockLostException(
                "the transaction \"" + name + "\" on " + first + " was lost"
                        + (known.reason() == Loss.Reason.IDLE
                                ? " and what it had changed is restored"
                                : "; nothing of it is recorded or restored"),
                first.path(),
                known);
    }

    private TransactionRolledBackException rolledBack() {
        return new TransactionRolledBackException("the transaction \"" + name + "\" on " + parts()
                + " is rolled back, because part of it has failed: " + failed);
    }

    private LockNotHeldException hasEnded() {
        return new LockNotHeldException(
                "the transaction \"" + name + "\" with the id " + id() + " has ended; begin a new one");
    }

    @Override
    public String toString() {
        return "transaction \"" + name + "\" " + state;
    }
}
