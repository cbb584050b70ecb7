package dev.objectlock;

import java.time.Duration;
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
     * Takes the flow itself to another thread, once: to the continuation that goes on with it. What the result runs is the
     * same flow, so it may use and join what this flow holds.
     *
     * @return what runs one piece of work in the flow; a second one is an error
     * @throws LockAuthenticationException if the current thread entered no owner
     */
    public static Carried handOver() {
        return ObjectLocksBuilder.contextOfThread().handedOver();
    }

    /**
     * Runs work in a flow that spans calls, threads and requests: of the same user and client, whoever names it is in it.
     *
     * @param name the name, from the server or from a secret, never from a value that a request can claim
     * @param body the work
     * @param <T> what it returns
     * @param <X> what it throws
     * @return what the body returns
     * @throws X what the body throws
     * @throws LockAuthenticationException if the current thread entered no owner
     */
    public static <T extends @Nullable Object, X extends Exception> T withFlow(String name, Body<T, X> body) throws X {
        return ObjectLocksBuilder.contextOfThread().inNamedFlow(name, body);
    }

    /**
     * Runs work that nobody else can reach, such as the building of an object that is not shared yet: on this thread it
     * neither takes locks, nor checks, nor waits. A hold that it asks for in code is empty: its fence is 0.
     *
     * @param reason why that is safe, for the log
     * @param body the work
     * @param <T> what it returns
     * @param <X> what it throws
     * @return what the body returns
     * @throws X what the body throws
     */
    public static <T extends @Nullable Object, X extends Exception> T withoutLocks(String reason, Body<T, X> body)
            throws X {
        return ObjectLocksBuilder.contextOfThread().unlocked(reason, body);
    }

    /**
     * Runs work without locks; see {@link #withoutLocks(String, Body)}.
     *
     * @param reason why that is safe, for the log
     * @param body the work
     * @param <X> what it throws
     * @throws X what the body throws
     */
    public static <X extends Exception> void withoutLocks(String reason, Body.Action<X> body) throws X {
        withoutLocks(reason, Body.of(body));
    }

    /**
     * Runs work in a named flow; see {@link #withFlow(String, Body)}.
     *
     * @param name the name
     * @param body the work
     * @param <X> what it throws
     * @throws X what the body throws
     */
    public static <X extends Exception> void withFlow(String name, Body.Action<X> body) throws X {
        withFlow(name, Body.of(body));
    }

    /**
     * Returns how often work was run {@linkplain #withoutLocks without locks} in this JVM.
     *
     * @return the number of such bodies that have begun
     */
    public static long withoutLocksCount() {
        return ObjectLocksBuilder.withoutLocksCount();
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
     * Confirms the holds of all calls with locks that are running in this flow, before a step that cannot be undone, such as
     * a commit: see {@link Hold#ensure}.
     *
     * @param duration how long they must last from now
     * @throws LockLostException if one is lost, or cannot be made to last that long
     */
    public abstract void ensureHolds(Duration duration);

    /**
     * Captures user and client.
     *
     * @return what runs work for them
     */
    protected abstract Carried carried();

    /**
     * Captures the flow itself.
     *
     * @return what runs one piece of work in it
     */
    protected abstract Carried handedOver();

    /**
     * Runs work in a named flow.
     *
     * @param name the name
     * @param body the work
     * @param <T> what it returns
     * @param <X> what it throws
     * @return what the body returns
     * @throws X what the body throws
     */
    protected abstract <T extends @Nullable Object, X extends Exception> T inNamedFlow(String name, Body<T, X> body)
            throws X;

    /**
     * Runs work without locks.
     *
     * @param reason why
     * @param body the work
     * @param <T> what it returns
     * @param <X> what it throws
     * @return what the body returns
     * @throws X what the body throws
     */
    protected abstract <T extends @Nullable Object, X extends Exception> T unlocked(String reason, Body<T, X> body)
            throws X;

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
