package dev.objectlock.engine;

import dev.objectlock.SurroundingTransactions;
import org.jspecify.annotations.Nullable;

/**
 * One call in a transaction: the one that began it, or one that is part of it. Used by the thread that it is on, and by whoever
 * completes what it returned.
 */
public final class Participation {

    private final Transaction transaction;
    private final Binding binding;
    private final boolean own;
    private final Binding.@Nullable Inside before;
    private boolean ended;

    private Participation(Transaction transaction, Binding binding, boolean own) {
        this.transaction = transaction;
        this.binding = binding;
        this.own = own;
        this.before = binding.enter(transaction);
    }

    /** The call began it. */
    static Participation owner(Transaction transaction, Binding binding) {
        return new Participation(transaction, binding, true);
    }

    /** The call is part of what was open. */
    static Participation member(Transaction transaction, Binding binding) {
        return new Participation(transaction, binding, false);
    }

    /**
     * Returns the hold of the transaction.
     *
     * @return the first, if it has several
     */
    public ScopedHold hold() {
        return transaction.hold();
    }

    /**
     * Returns whether the call began the transaction.
     *
     * @return false if it is part of what was open
     */
    public boolean isOwn() {
        return own;
    }

    /** The thread is not in it any more; its work may go on. */
    public void leaveThread() {
        binding.leave(before);
    }

    /**
     * The work is done, but what surrounds it goes on. Says whether it could be committed.
     *
     * @param database the database transaction that it lasts for
     * @throws dev.objectlock.LockException if it could not
     */
    public void prepared(SurroundingTransactions.Running database) {
        if (own) {
            transaction.check();
            transaction.lastsUntil(database);
        } else {
            returned();
        }
        database.beforeCommit(transaction::checkBeforeDatabase);
    }

    /**
     * The work has failed, but what surrounds it goes on: restores what it changed.
     *
     * @param failure what happened; whatever else happens is added to it
     * @param database the database transaction that it lasts for
     */
    public void failedInside(Throwable failure, SurroundingTransactions.Running database) {
        if (own) {
            transaction.restoreNow(failure);
            transaction.lastsUntil(database);
        } else {
            failed(failure);
        }
        database.beforeCommit(transaction::checkBeforeDatabase);
    }

    /**
     * The work is done.
     *
     * @throws dev.objectlock.LockLostException if the transaction has been lost
     * @throws dev.objectlock.TransactionRolledBackException if part of it has failed; it is restored
     */
    public void returned() {
        if (!ended) {
            ended = true;
            if (own) {
                transaction.commit(true);
            } else {
                transaction.leave();
            }
        }
    }

    /**
     * The work has failed. The first of both ends counts.
     *
     * @param failure what happened; whatever else happens is added to it
     */
    public void failed(Throwable failure) {
        if (ended) {
            // A part that had returned: the database has rolled back what it did, and the rest must not be recorded.
            if (!own) {
                transaction.fail(failure);
            }
            return;
        }
        ended = true;
        if (own) {
            transaction.rollback(true, failure);
            return;
        }
        transaction.leave(failure, true);
    }
}
