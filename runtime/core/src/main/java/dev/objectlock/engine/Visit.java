package dev.objectlock.engine;

import org.jspecify.annotations.Nullable;

/** A call inside a transaction that is not about that: the transaction is not idle meanwhile. */
public final class Visit {

    private @Nullable Transaction transaction;

    private Visit(Transaction transaction) {
        this.transaction = transaction;
    }

    /**
     * Returns whether there may be something to visit.
     *
     * @param binding what is bound to the thread
     * @return false for sure outside transactions
     */
    public static boolean mayBegin(Binding binding) {
        return binding.mayBeInTransaction();
    }

    /**
     * Begins a call.
     *
     * @param binding what is bound to the thread
     * @param engine the engine of the call
     * @return what to end with the call, or null outside transactions
     * @throws dev.objectlock.LockLostException if the transaction has been lost
     */
    public static @Nullable Visit begin(Binding binding, Engine engine) {
        if (!binding.mayBeInTransaction()) {
            return null;
        }
        Transaction open = binding.transaction(engine);
        if (open == null) {
            return null;
        }
        open.beginOnThread(false);
        return new Visit(open);
    }

    /**
     * The call is over. A second time nothing happens.
     *
     * @param failure what it threw, to which everything else is added; null if it has returned
     * @throws dev.objectlock.LockException if it was the last one inside, and the transaction could not be committed
     */
    public void end(@Nullable Throwable failure) {
        Transaction left = transaction;
        transaction = null;
        if (left != null && failure != null) {
            left.leave(failure, false);
        } else if (left != null) {
            left.leave();
        }
    }
}
