package dev.objectlock;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who the current thread works for, and in which flow.
 *
 * <p>Every outermost entry of an owner ({@link ObjectLocks#callAs}, a session) begins a new flow, also on a thread that
 * was used before; entries inside it for the same owner continue it. A thread that never entered is a flow of its own,
 * without a user. Nothing is inherited by other threads: use {@link #carry}.
 */
public abstract class OwnerContext {

    private static final ThreadLocal<@Nullable OwnerContext> BOUND = new ThreadLocal<>();

    /** For the engine. */
    protected OwnerContext() {}

    /**
     * Returns the context of the current thread.
     *
     * @return empty if the thread has not come in touch with locks
     */
    public static Optional<OwnerContext> bound() {
        return Optional.ofNullable(BOUND.get());
    }

    /**
     * Takes the current user and client to other threads. Everything that the result runs is a flow of its own.
     *
     * @return what runs work as the current user and client; as nobody, if no owner was entered
     */
    public static Carried carry() {
        OwnerContext context = BOUND.get();
        return context == null ? Carried.NOBODY : context.carried();
    }

    /**
     * Returns the owner with its flow.
     *
     * @return the owner of the current thread
     */
    public abstract LockOwner owner();

    /**
     * Returns the hold of the innermost call with a lock.
     *
     * @return empty outside such calls
     */
    public abstract Optional<Hold> currentHold();

    /**
     * Captures user and client.
     *
     * @return what runs work for them
     */
    protected abstract Carried carried();

    /**
     * Returns the context of the current thread, for the engine.
     *
     * @return null if there is none
     */
    protected static @Nullable OwnerContext get() {
        return BOUND.get();
    }

    /**
     * Sets the context of the current thread, for the engine.
     *
     * @param context the context, or null to remove it
     */
    protected static void set(@Nullable OwnerContext context) {
        if (context == null) {
            BOUND.remove();
        } else {
            BOUND.set(context);
        }
    }

    /** A captured user and client; see {@link #carry}. Thread-safe, to be used any number of times. */
    public interface Carried {

        /** What a thread without an owner carries: nothing. */
        Carried NOBODY = new Carried() {
            @Override
            public <T extends @Nullable Object, X extends Exception> T call(Body<T, X> body) throws X {
                return body.run();
            }
        };

        /**
         * Runs work for the captured user and client, as a new flow.
         *
         * @param body the work
         * @param <T> what it returns
         * @param <X> what it throws
         * @return what the body returns
         * @throws X what the body throws
         */
        <T extends @Nullable Object, X extends Exception> T call(Body<T, X> body) throws X;

        /**
         * Wraps a task, for an executor.
         *
         * @param task the task
         * @return a task that runs it for the captured user and client, as a new flow each time
         */
        default Runnable wrap(Runnable task) {
            return () -> call(Body.<RuntimeException>of(task::run));
        }
    }
}
