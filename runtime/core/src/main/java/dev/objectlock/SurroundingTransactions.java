package dev.objectlock;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds the database transaction that already runs on a thread when a call asks for a lock. What the call wrote becomes
 * visible to others only when that transaction is over, so the lock lasts until then. Thread-safe.
 */
@FunctionalInterface
public interface SurroundingTransactions {

    /**
     * Returns the transaction of the current thread.
     *
     * @return empty if none runs
     */
    Optional<Running> running();

    /** A transaction that runs on the current thread. */
    interface Running {

        /**
         * Names the transaction, for a warning.
         *
         * @return mostly the method that began it
         */
        String name();

        /**
         * Has something checked before the transaction is committed: what that throws rolls it back.
         *
         * @param check not called if it is rolled back anyway
         */
        void beforeCommit(Runnable check);

        /**
         * Has something done when the transaction is over, on whatever thread that happens. If it is over already, that is
         * done at once.
         *
         * @param end is told whether it was committed
         */
        void whenOver(Consumer<Boolean> end);
    }
}
