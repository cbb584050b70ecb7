package dev.objectlock;

/**
 * What becomes of work that needs a lock while the store cannot be reached: {@link ObjectLocksBuilder#withoutStore}. It is
 * the application's choice between safety, which is the default, and going on.
 *
 * <p>Either way:
 *
 * <ul>
 *   <li>A request waits for an answer as long as the backend's own time-out says, and what may have been carried out without
 *       an answer is asked once more: a call hangs for twice that time at most before its body begins or it fails. Its {@code
 *       waitFor} does not count, since it is about other owners.
 *   <li>Wrong use, a missing user and a missing privilege are refused as always, without the store.
 *   <li>What was granted before goes on, and calls that join it begin as always, until the store has been out of reach for so
 *       long that it is lost. A call that cannot give its hold back fails with a {@link LockBackendException} after its body,
 *       and the hold is given back later.
 *   <li>A request that was waiting in the line when the store went away fails: nobody knows what became of it. Whatever it
 *       may have taken is given back as soon as the store answers.
 *   <li>When the store answers again, everything is locked again. Nothing has to be done for that.
 * </ul>
 */
public enum WithoutStore {
    /**
     * Nothing that needs a lock runs: it fails with a {@link LockBackendException}. So does {@link
     * ObjectLocksBuilder#build}.
     */
    REFUSE,

    /**
     * Work runs without a hold once it is certain that none was taken, and a {@link LockEvent.Proceeded} is told: annotated
     * calls that lock, keep, are guarded or give back; {@link ObjectLocks#call}, {@link ObjectLocks#acquire}, {@link
     * ObjectLocks#tryAcquire} and {@link ObjectLocks#requireHeld}, and the same of {@link ObjectLocks#async}. <b>Nobody is
     * kept out meanwhile</b>, neither by such work nor from it.
     *
     * <p>If it is not certain, because a request was sent and no answer came, it fails as with {@link #REFUSE}. So does
     * whatever is no work under a lock: questions, releases by path, changes of objects, sessions.
     *
     * <p>Such work is given a hold that says that {@linkplain Hold#isHeld nothing is held}. It has no fence (0) and no token,
     * {@link Hold#ensure} confirms nothing, and to release it changes nothing.
     *
     * <p>An engine whose store cannot be reached when it is {@linkplain ObjectLocksBuilder#build built} is built all the
     * same. It joins the store with the first request that finds it there again; one request in a second tries.
     */
    PROCEED
}
