package dev.objectlock.engine;

import dev.objectlock.Body;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockPath;
import dev.objectlock.OpenTransaction;
import dev.objectlock.SurroundingTransactions.Running;
import dev.objectlock.TransactionInfo;
import dev.objectlock.TransactionRequest;
import dev.objectlock.TransactionRolledBackException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A transaction in the hands of whoever began it, or is part of it, in code. */
final class TransactionHandle implements OpenTransaction {

    private static final Logger LOG = LoggerFactory.getLogger(TransactionHandle.class);

    private final Transactions all;
    private final Transaction transaction;

    /** Whether it decides how it ends. */
    private final boolean own;

    private final AtomicBoolean ended = new AtomicBoolean();

    TransactionHandle(Transactions all, Transaction transaction, boolean own) {
        this.all = all;
        this.transaction = transaction;
        this.own = own;
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
        transaction.begin();
        try {
            return transaction.home().inside(transaction).call(body);
        } finally {
            transaction.leave(null);
        }
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
        if (Binding.current().isUnlocked()) {
            throw new LockConfigurationException(
                    transaction + " cannot be used in a participant, nor in work without locks");
        }
    }

    private void widen(TransactionRequest request) {
        checkMayUse();
        transaction.begin();
        try {
            all.widen(transaction, request);
        } finally {
            transaction.leave(null);
        }
    }

    @Override
    public void commit() {
        checkMayUse();
        if (!own) {
            ended.set(true);
            transaction.check();
            return;
        }
        Running database = transaction.engine().runningDatabaseTransaction();
        if (database == null) {
            ended.set(true);
            try {
                transaction.commit(false);
            } finally {
                Binding.current().forgetEnded();
            }
            return;
        }
        // From here on it is not idle, but waits for the database.
        transaction.begin();
        ended.set(true);
        try {
            transaction.check();
        } catch (RuntimeException failed) {
            transaction.rollback(true, failed);
            throw failed;
        }
        transaction.lastsUntil(database);
        database.whenOver(this::over);
    }

    private void over(boolean committed) {
        try {
            if (committed) {
                transaction.commit(true);
            } else {
                transaction.rollback(true, new DatabaseRolledBack());
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
        if (!own) {
            transaction.fail("a part of it was rolled back");
            return;
        }
        RuntimeException wanted = new TransactionRolledBackException("it was rolled back");
        transaction.rollback(false, wanted);
        Binding.current().forgetEnded();
        for (Throwable also : wanted.getSuppressed()) {
            throw also instanceof RuntimeException plain ? plain : new IllegalStateException(also);
        }
    }

    @Override
    public void close() {
        if (Binding.current().isUnlocked() || ended.getAndSet(true)) {
            return;
        }
        if (own) {
            transaction.abandon();
            Binding.current().forgetEnded();
        } else {
            transaction.fail("a part of it was closed without a commit");
        }
    }

    @Override
    public String toString() {
        return transaction.toString();
    }
}
