package dev.objectlock;

import org.jspecify.annotations.Nullable;

/**
 * What runs while something is held.
 *
 * @param <T> what it returns
 * @param <X> what it throws; {@code RuntimeException} if nothing is declared
 */
@FunctionalInterface
public interface Body<T extends @Nullable Object, X extends Exception> {

    /**
     * Runs.
     *
     * @return the result
     * @throws X whatever the work throws
     */
    T run() throws X;

    /**
     * Makes a body of work without a result.
     *
     * @param action the work
     * @param <X> what it throws
     * @return a body that returns null
     */
    @SuppressWarnings("NullAway") // It does not see that T is nullable here.
    static <X extends Exception> Body<@Nullable Void, X> of(Action<X> action) {
        return () -> {
            action.run();
            return null;
        };
    }

    /**
     * A body without a result.
     *
     * @param <X> what it throws
     */
    @FunctionalInterface
    interface Action<X extends Exception> {
        /**
         * Runs.
         *
         * @throws X whatever the work throws
         */
        void run() throws X;
    }
}
