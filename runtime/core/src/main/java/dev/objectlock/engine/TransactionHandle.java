package dev.objectlock.engine;

import dev.objectlock.Body;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockPath;
import dev.objectlock.OpenTransaction;
import dev.objectlock.SurroundingTransactions.Running;
import dev.objectlock.TransactionInfo;
import dev.objectlock.TransactionRequest;
import dev.objectlock.TransactionRolledBackException;
import dev.objectlock.UndoParticipant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A transaction in the hands of whoever began it, or is part of it, in code. */
final class TransactionHandle implements OpenTransaction {

    private static final Logger LOG = LoggerFactory.getLogger(TransactionHandle.class);

    /** What the holder may do. */
    enum Right {
        /** Decides how it ends, and ends it by closing this. */
        OWNER,
        /** Goes on with it, and may decide how it ends; closing this changes nothing. */
        GUEST,
        /** Has a part of it, and may only decide that it must not be committed. */
        PART
    }

    private final Transactions all;
    private final Transaction transaction;

    private final Right right;

    private final AtomicBoolean ended = new AtomicBoolean();

    TransactionHandle(Transactions all, Transaction transaction, Right right) {
        this.all = all;
        this.transaction = transaction;
        this.right = right;
    }

    @Override
    public long id() {
        return transaction.id();
    }

    @Override
    public TransactionInfo info() {
        return transaction.info();
    }

    @Override
    public boolean isOpen() {
        return !ended.get() && transaction.isOpen();
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T call(Body<T, X> body) throws X {
        checkMayUse();
        transaction.begin(true);
        T result;
        try {
            result = transaction.home().inside(transaction).call(body);
        } catch (Throwable failed) {
            transaction.leave(failed, false);
            throw failed;
        }
        transaction.leave();
        return result;
    }

    @Override
    public void widen(LockPath path) {
        widen(TransactionRequest.of(transaction.name(), path));
    }

    @Override
    public void widen(LockPath path, long from, long to) {
        widen(TransactionRequest.of(transaction.name(), path, from, to));
    }

    /** What captures and restores must not end, or go on with, the transaction that it is part of. */
    private void checkMayUse() {
        if (Binding.current().isUnlocked() || Binding.current().isReading()) {
            throw new LockConfigurationException(
                    transaction + " cannot be used in a participant, in a reader, nor in work without locks");
        }
    }

    private void widen(TransactionRequest request) {
        checkMayUse();
        transaction.begin(true);
        UndoParticipant<?> who = transaction.participant();
        all.widen(transaction, who == null ? request : request.participant(who));
    }

    @Override
    public void commit() {
        checkMayUse();
        if (right == Right.PART) {
            transaction.check();
            ended.set(true);
            return;
        }
        Running database = transaction.engine().runningDatabaseTransaction();
        Binding.current().leave(transaction);
        if (database == null) {
            ended.set(true);
            transaction.commit(false);
            return;
        }
        // From here on it is not idle, but waits for the database.
        transaction.begin(false);
        ended.set(true);
        try {
            transaction.check();
        } catch (RuntimeException failed) {
            restoreInside(database, failed);
            throw failed;
        }
        transaction.lastsUntil(database);
        database.beforeCommit(transaction::checkBeforeDatabase);
        database.whenOver(committed -> over(committed, new DatabaseRolledBack()));
    }

    /** What it changed is put back inside the database transaction, and given back when that is over. */
    private void restoreInside(Running database, RuntimeException failure) {
        transaction.restoreNow(failure);
        transaction.lastsUntil(database);
        database.whenOver(committed -> over(false, failure));
    }

    private void over(boolean committed, RuntimeException failure) {
        try {
            if (committed) {
                transaction.commit(true);
            } else {
                transaction.rollback(true, failure);
            }
        } catch (RuntimeException failed) {
            LOG.error("the database transaction around {} was committed", transaction, failed);
        }
    }

    @Override
    public void rollback() {
        checkMayUse();
        if (ended.getAndSet(true)) {
            return;
        }
        RuntimeException wanted = new TransactionRolledBackException("it was rolled back");
        rollback(wanted);
        for (Throwable also : wanted.getSuppressed()) {
            throw also instanceof RuntimeException plain ? plain : new IllegalStateException(also);
        }
    }

    private void rollback(RuntimeException wanted) {
        if (right == Right.PART) {
            transaction.fail(wanted);
            return;
        }
        Binding.current().leave(transaction);
        Running database = transaction.engine().runningDatabaseTransaction();
        if (database != null && transaction.isGoingOn()) {
            transaction.begin(false);
            restoreInside(database, wanted);
        } else {
            transaction.rollback(false, wanted);
        }
    }

    @Override
    public void close() {
        if (right == Right.GUEST || Binding.current().isUnlocked() || ended.getAndSet(true)) {
            return;
        }
        RuntimeException unheard = new TransactionRolledBackException("it was closed without a commit");
        try {
            rollback(unheard);
        } catch (RuntimeException failed) {
            unheard.addSuppressed(failed);
        }
        for (Throwable suppressed : unheard.getSuppressed()) {
            LOG.warn("{} was closed without a commit", transaction, suppressed);
        }
    }

    @Override
    public String toString() {
        return transaction.toString();
    }
}
