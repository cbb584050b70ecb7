package dev.objectlock;

/**
 * A transaction that was begun in code, and whatever is left to be done in it.
 *
 * <pre>{@code
 * try (OpenTransaction change = locks.transactions().begin(request)) {
 *     change.run(() -> ...);
 *     change.commit();
 * }
 * }</pre>
 *
 * <p>Between its calls it is idle: {@link #call}, {@link #run} and annotated calls inside. After 10 s of that it is lost, and what
 * it changed is restored. Thread-safe. Closing it without a commit rolls it back.
 *
 * <p>Where it is part of a transaction that was open before, a commit leaves the decision to that one, and a rollback makes that
 * one roll back too.
 */
public interface OpenTransaction extends AutoCloseable {

    /**
     * Returns its id: the fence of its hold. It is greater than those of all earlier transactions under the root. For JavaScript,
     * which keeps no such number exactly, write it as text.
     *
     * @return the id; 0 in work {@linkplain OwnerContext#withoutLocks without locks}
     */
    long id();

    /**
     * Returns what is known of it.
     *
     * @return name, parts, owner, and since when it is open
     */
    TransactionInfo info();

    /**
     * Returns whether it can still be committed.
     *
     * @return false once it has been committed, rolled back or lost, as far as this process knows
     */
    boolean isOpen();

    /**
     * Does some of its work, on whatever thread, in its flow. It is not idle meanwhile.
     *
     * @param body the work
     * @param <T> what it returns
     * @param <X> what it throws
     * @return what the body returns
     * @throws X what the body throws; the transaction goes on
     * @throws LockLostException if it was lost before
     * @throws LockNotHeldException if it has ended
     */
    <T extends @org.jspecify.annotations.Nullable Object, X extends Exception> T call(Body<T, X> body) throws X;

    /**
     * Does some of its work; see {@link #call}.
     *
     * @param body the work
     * @param <X> what it throws
     * @throws X what the body throws; the transaction goes on
     */
    default <X extends Exception> void run(Body.Action<X> body) throws X {
        call(Body.of(body));
    }

    /**
     * Adds a whole object to what it changes; what it has of that already is not captured again.
     *
     * @param path the object, under its root
     * @throws LockBusyException if somebody is in the way; the transaction goes on
     */
    void widen(LockPath path);

    /**
     * Adds a part of an object to what it changes; what it has of that already is not captured again.
     *
     * @param path the object, under its root
     * @param from the first position
     * @param to the position behind the last
     * @throws LockBusyException if somebody is in the way; the transaction goes on
     */
    void widen(LockPath path, long from, long to);

    /**
     * Ends it: its step is put on the undo stack of the root. Work of it that is going on elsewhere is waited for, in that the
     * last call of it commits.
     *
     * @throws LockLostException if it was lost; nothing is recorded then and, since somebody else may be in there, nothing restored
     * @throws TransactionRolledBackException if a part of it has failed; what it changed is restored
     * @throws LockNotHeldException if it has been rolled back
     */
    void commit();

    /**
     * Ends it: what it changed is restored, and nothing is recorded.
     *
     * @throws LockLostException if it was lost; since somebody else may be in there, nothing is restored then
     */
    void rollback();

    /** Rolls it back unless it has ended; never throws for what it finds. */
    @Override
    void close();
}
