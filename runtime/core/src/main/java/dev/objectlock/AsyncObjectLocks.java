package dev.objectlock;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The same door for work that must not hold a thread while it waits.
 *
 * <p>The owner and flow are those of the thread that calls. A stage fails with the error that the method of {@link
 * ObjectLocks} of the same name throws. To cancel a stage that waits takes the request out of the line. Continuations run on
 * the common pool if the request had to wait, never on the thread of whoever let it in. Thread-safe.
 */
public interface AsyncObjectLocks {

    /**
     * Takes a lock; see {@link ObjectLocks#acquire}.
     *
     * @param request what is asked for
     * @return the hold
     */
    CompletableFuture<Hold> acquire(LockRequest request);

    /**
     * Takes a lock if it is granted; see {@link ObjectLocks#tryAcquire}.
     *
     * @param request what is asked for
     * @return the hold, or who is in the way
     */
    CompletableFuture<Attempt> tryAcquire(LockRequest request);

    /**
     * Runs work with a lock, until the stage that it returns is complete. A kept lock stays afterwards, unless the work
     * fails and this call took it.
     *
     * @param request what is asked for
     * @param body the work, begun with the owner and flow of the caller, on whatever thread the lock was granted
     * @param <T> what the work results in
     * @return completes as the work does, after the lock has been given back; cancelling it cancels the work
     */
    <T extends @Nullable Object> CompletableFuture<T> call(
            LockRequest request, Function<? super Hold, ? extends CompletionStage<T>> body);

    /**
     * Ends the caller's kept holds on exactly this object; see {@link ObjectLocks#release(LockPath)}.
     *
     * @param path the object
     * @return what was found
     */
    CompletableFuture<Released> release(LockPath path);
}
