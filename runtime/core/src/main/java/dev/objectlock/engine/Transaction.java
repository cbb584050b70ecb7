package dev.objectlock.engine;

import dev.objectlock.LockLostException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockTime.Alarm;
import dev.objectlock.Loss;
import dev.objectlock.SurroundingTransactions;
import dev.objectlock.TransactionInfo;
import dev.objectlock.TransactionRolledBackException;
import dev.objectlock.UndoParticipant;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An open transaction: who is inside, and its one end. Thread-safe.
 *
 * <p>What becomes of it is decided once, under its lock. While states are put back, or its step is recorded, whatever transaction of
 * this process is granted an overlapping part, since the hold was lost, waits until it is {@link #quiet}; and once one was, nothing
 * is put back or recorded any more. So no state is ever put back over such a successor's work, and no step recorded behind one.
 * Towards others, who are granted a part by an override in the very moment in which it is restored, there is no such promise. No
 * participant, no history and no store is called under the lock.
 */
final class Transaction {

    private enum State {
        /** Work can be done in it. */
        OPEN,
        /** It is being committed, or restored for good. */
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
    private final Pieces pieces = new Pieces();
    private final Settlement settlement;
    private final ReentrantLock lock = new ReentrantLock();

    /** To add parts: two threads must not both find the same part missing. */
    private final Turn widening = new Turn();

    private volatile State state = State.OPEN;
    private volatile CompletableFuture<Boolean> quiet = CompletableFuture.completedFuture(true);
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();
    private volatile @Nullable Loss loss;

    /** What failed inside, so that it can only be rolled back. */
    private volatile @Nullable String failed;

    private int calls = 1;

    /** Set when whoever began it has ended it, and others are still inside. */
    private volatile boolean ending;

    /** Whether what was changed has been put back before the end, and nothing changed since. */
    private volatile boolean restored;

    /** Whether whoever began it was told that it is lost, while it was being restored. */
    private volatile boolean ownerTold;

    /** Who captures and restores what is added without a word about that. */
    private @Nullable UndoParticipant<?> participant;

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
        this.settlement = new Settlement(engine, name, pieces, recorder);
        this.since = engine.time().now();
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

    Pieces pieces() {
        return pieces;
    }

    /** The first of its holds. */
    ScopedHold hold() {
        return pieces.all().get(0).hold();
    }

    long id() {
        return hold().fence();
    }

    String rootName() {
        return hold().rootName();
    }

    TransactionInfo info() {
        return new TransactionInfo(id(), name, pieces.parts(), flow.owner(), since);
    }

    boolean isOver() {
        return state == State.OVER;
    }

    /** What becomes of it is decided, or it has been restored and only waits for a database: its own flow may begin anew. */
    boolean isNoObstacle() {
        lock.lock();
        try {
            return state != State.OPEN || restored && around != null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it has its parts, and nobody has asked for the end. */
    boolean isGoingOn() {
        return state == State.OPEN && !ending && lostBecause() == null;
    }

    boolean isOpen() {
        return isGoingOn() && failed == null;
    }

    boolean isOfFlow(Flow other) {
        return flow.owner().isSameFlow(other.owner());
    }

    /** Who captures and restores what is added in code; null for whoever is registered. */
    @Nullable
    UndoParticipant<?> participant() {
        return participant;
    }

    void participant(@Nullable UndoParticipant<?> who) {
        participant = who;
    }

    Turn widening() {
        return widening;
    }

    /** Whether others may take part in it, or go on with it by its id. */
    boolean admitsOthers() {
        return recorder.admitsOthers();
    }

    private @Nullable Loss lostBecause() {
        Loss known = loss;
        return known != null ? known : pieces.loss();
    }

    /**
     * A call begins inside.
     *
     * @param member whether it may be part of the change
     * @throws LockLostException if it has been lost
     * @throws LockNotHeldException if it has ended, or somebody has asked for that
     * @throws TransactionRolledBackException if it can only be rolled back, and the call may be part of it
     */
    void begin(boolean member) {
        begin(member, false);
    }

    private void begin(boolean member, boolean inside) {
        lock.lock();
        try {
            Loss why = state == State.ENDING ? expiring : lostBecause();
            if (state != State.OVER && why != null) {
                throw settlement.lost(why);
            }
            if (state != State.OPEN || ending && !inside) {
                throw settlement.hasEnded();
            }
            if (failed == null) {
                restored = false;
            } else if (member) {
                throw settlement.rolledBack(failed);
            }
            calls++;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A call begins inside, on a thread that is in it: it can do so as long as the call goes on that it is made in, also where
     * somebody has asked for the end.
     *
     * @param member whether it is part of the change
     */
    void beginOnThread(boolean member) {
        begin(member, true);
    }

    /**
     * A call that began inside has returned. The last one ends it, if whoever began it has asked for that.
     *
     * @throws LockLostException if it has ended it, and it was lost
     * @throws TransactionRolledBackException if it has ended it, and part of it has failed; it is restored
     */
    void leave() {
        boolean last;
        lock.lock();
        try {
            last = --calls == 0 && (ending || state == State.LOST);
            if (last && state == State.OPEN) {
                end();
            } else if (calls == 0) {
                idle();
            }
        } finally {
            lock.unlock();
        }
        if (last && ending) {
            commitNow();
        } else if (last) {
            pieces.release(null);
        }
    }

    /**
     * A call that began inside has failed.
     *
     * @param failure what it threw; whatever else happens is added to it
     * @param member whether it was part of the change
     */
    void leave(Throwable failure, boolean member) {
        if (member) {
            fail(failure);
        }
        try {
            leave();
        } catch (RuntimeException | Error also) {
            Pieces.add(failure, also);
        }
    }

    /** Part of it failed, and whoever called that has gone on. */
    void fail(Throwable failure) {
        lock.lock();
        try {
            note(failure);
        } finally {
            lock.unlock();
        }
    }

    private void note(@Nullable Throwable failure) {
        if (failed == null && failure != null) {
            failed = Hostile.describe(failure);
        }
    }

    private void end() {
        state = State.ENDING;
        quiet = new CompletableFuture<>();
    }

    private void idle() {
        lastCall = engine.time().nanoTime();
        if (alarm == null && state == State.OPEN && !ending) {
            alarm = engine.time().schedule(engine.transactions().idle(), this::rings);
        }
    }

    private void rings() {
        lock.lock();
        try {
            alarm = null;
            if (state != State.OPEN || calls > 0) {
                return;
            }
            Duration left =
                    engine.transactions().idle().minusNanos(engine.time().nanoTime() - lastCall);
            if (!left.isNegative() && !left.isZero()) {
                alarm = engine.time().schedule(left, this::rings);
                return;
            }
            end();
            expiring = new Loss(Loss.Reason.IDLE, null, null, engine.time().now());
        } finally {
            lock.unlock();
        }
        engine.transactions().elsewhere(this::expire);
    }

    /** Restores first, then gives back, and reports the loss. */
    private void expire() {
        Loss why = Objects.requireNonNull(expiring);
        try {
            why = settlement.expire(home.inside(this), lostBecause(), why);
        } finally {
            engine.transactions().noteLost(this, settlement.lost(why));
            settle(isOwnerTold() ? State.OVER : State.LOST, why, false);
        }
    }

    private boolean isOwnerTold() {
        lock.lock();
        try {
            return ownerTold;
        } finally {
            lock.unlock();
        }
    }

    private void settle(State now, @Nullable Loss why, boolean recorded) {
        if (!recorded) {
            settlement.dropped();
        }
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
        quiet.complete(true);
        over.complete(true);
        if (pending != null) {
            pending.cancel();
        }
        engine.transactions().settled(this, rootName());
    }

    /**
     * An overlapping part has been granted to somebody else since, so this one has lost it: from now on it puts nothing back, and
     * records nothing, unless it is just about to.
     *
     * @return completes when it does not touch its parts any more
     */
    CompletableFuture<Boolean> supersede() {
        Loss why;
        boolean unused;
        lock.lock();
        try {
            if (state != State.OPEN) {
                return admitsOthers() ? quiet : over;
            }
            Loss known = lostBecause();
            why = known != null
                    ? known
                    : new Loss(Loss.Reason.OVERRIDDEN, null, null, engine.time().now());
            state = State.LOST;
            loss = why;
            unused = calls == 0;
        } finally {
            lock.unlock();
        }
        engine.transactions().noteLost(this, settlement.lost(why));
        // Until then others who are granted a part must find it too.
        quiet.thenRun(() -> engine.transactions().settled(this, rootName()));
        if (unused) {
            pieces.release(null);
        }
        // The step of an undo or redo is free for the next one when that has ended, and not before.
        return admitsOthers() ? quiet : over;
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
            return state == State.OPEN && admitsOthers() && failed == null && around != null && around.equals(database);
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
        RuntimeException why = whyNot();
        if (why != null) {
            throw why;
        }
    }

    /**
     * Checks before a database commits what was changed in it. What has failed and is restored is no part of that any more.
     *
     * @throws LockLostException if it has been lost
     * @throws TransactionRolledBackException if part of it has failed, and is not restored
     */
    void checkBeforeDatabase() {
        if (!restored) {
            check();
        }
    }

    private @Nullable RuntimeException whyNot() {
        return state == State.OVER ? settlement.hasEnded() : settlement.whyNot(loss, failed);
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
        boolean now;
        RuntimeException why = null;
        lock.lock();
        try {
            calls -= call ? 1 : 0;
            checkMayEnd(call);
            now = calls == 0;
            if (now && state == State.OPEN) {
                end();
            } else if (!now) {
                // The last one inside commits it; but what is known now, whoever wants it is told now.
                ending = true;
                why = knownFailure();
                note(why);
            }
        } finally {
            lock.unlock();
        }
        if (now) {
            commitNow();
        } else if (why != null) {
            throw why;
        }
    }

    private @Nullable RuntimeException knownFailure() {
        Loss why = lostBecause();
        String part = failed;
        return why != null ? settlement.lost(why) : part != null ? settlement.rolledBack(part) : null;
    }

    /** With its own call a transaction ends also where somebody has asked for that before. */
    private void checkMayEnd(boolean call) {
        if (expiring != null && state == State.ENDING) {
            ownerTold = true;
            throw settlement.lost(expiring);
        }
        if (state == State.OVER || state == State.ENDING || ending && !call) {
            throw settlement.hasEnded();
        }
    }

    private void commitNow() {
        if (state == State.LOST) {
            throw endLost();
        }
        try {
            check();
            settlement.record();
        } catch (RuntimeException | Error refused) {
            rollbackNow(refused);
            throw refused;
        }
        RuntimeException late;
        try {
            late = pieces.release(null);
        } finally {
            settle(State.OVER, null, true);
        }
        if (late != null) {
            throw late;
        }
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
                ownerTold = true;
                Pieces.add(failure, settlement.lost(expiring));
            }
            if (state == State.OVER || state == State.ENDING) {
                return;
            }
            note(failure);
            if (calls > 0) {
                // Restored under their hands, it would be changed by them afterwards.
                ending = true;
                return;
            }
            if (state == State.OPEN) {
                end();
            }
        } finally {
            lock.unlock();
        }
        if (state == State.LOST) {
            Pieces.add(failure, endLost());
        } else {
            rollbackNow(failure);
        }
    }

    private void rollbackNow(Throwable failure) {
        try {
            if (!restored) {
                restore(failure);
            }
        } finally {
            try {
                pieces.release(failure);
            } finally {
                settle(State.OVER, null, false);
            }
        }
    }

    /** Nothing has been done in it, so there is nothing to restore. */
    void giveBack() {
        restored = true;
        rollback(true, new TransactionRolledBackException("nothing was done in it"));
    }

    /** It can be committed no more, but is not given back yet: what surrounds it goes on. */
    void restoreNow(Throwable failure) {
        fail(failure);
        if (!restored) {
            touch(() -> noteRestored(restore(failure)));
        }
    }

    /** What others inside change afterwards has to be put back once more. */
    private void noteRestored(boolean whole) {
        lock.lock();
        try {
            restored = whole && calls <= 1;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does something to its parts, on behalf of nobody's code: who is granted one of them waits for that.
     *
     * @param work done unless it has been lost
     */
    void touch(Runnable work) {
        CompletableFuture<Boolean> touching = new CompletableFuture<>();
        lock.lock();
        try {
            if (state != State.OPEN) {
                return;
            }
            quiet = touching;
        } finally {
            lock.unlock();
        }
        try {
            home.inside(this).run(work);
        } finally {
            touching.complete(true);
        }
    }

    /** Returns whether all is as it was. */
    private boolean restore(Throwable failure) {
        return settlement.restore(home.inside(this), loss, failure);
    }

    /** Whoever began it ends it: its holds are not there any more, or not its own. */
    private RuntimeException endLost() {
        RuntimeException lost = settlement.lost(Objects.requireNonNull(lostBecause()));
        try {
            pieces.release(lost);
        } finally {
            settle(State.OVER, loss, false);
        }
        return lost;
    }

    @Override
    public String toString() {
        return "transaction \"" + name + "\" " + state;
    }
}
