package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.Body;
import dev.objectlock.LockEvent;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.ObjectLocks;
import dev.objectlock.ObjectLocksBuilder;
import dev.objectlock.Privilege;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.test.LockAssertions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * What all cases share: an engine on the store under test, users, and threads whose failures fail the test. After each
 * test nothing is held and nobody waits.
 *
 * <p>Users: {@code u1}, {@code u2} and others may lock, {@code su} may also override, {@code guest} may do nothing. An
 * owner is written {@code u1/c1}: the user and the client. A case that hangs fails after two minutes.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class BackendCases {

    /** How long a test waits for what should happen at once, on a slow machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How often it looks. */
    private static final Duration POLL = Duration.ofMillis(1);

    /** The store. */
    protected StoreUnderTest store;

    /** The engine on it. */
    protected ObjectLocks locks;

    /** All that was announced. */
    protected final BlockingQueue<LockEvent> events = new LinkedBlockingQueue<>();

    private final List<Running<?>> running = new ArrayList<>();
    private final List<Runnable> otherEnds = new ArrayList<>();

    /** For the subclasses. */
    @SuppressWarnings("NullAway.Init")
    protected BackendCases() {}

    /**
     * Opens an empty store.
     *
     * @return the store; it is closed after the test
     */
    protected abstract StoreUnderTest open();

    @BeforeEach
    void openStore() {
        store = open();
        locks = engine(store.backend()).listener(events::add).build();
    }

    private static ObjectLocksBuilder engine(LockBackend backend) {
        return ObjectLocks.builder().backend(backend).authorizer(owner -> switch (String.valueOf(owner.user())) {
            case "guest" -> EnumSet.noneOf(Privilege.class);
            case "su" -> EnumSet.allOf(Privilege.class);
            default -> EnumSet.of(Privilege.OBJECTLOCK);
        });
    }

    /**
     * Makes another engine, as another process would have it. It is closed after the test.
     *
     * @param backend the store, or what stands before it
     * @return the engine
     */
    protected ObjectLocks otherProcess(LockBackend backend) {
        return otherProcess(backend, builder -> builder);
    }

    /**
     * Makes another engine, as another process would have it. It is closed after the test.
     *
     * @param backend the store, or what stands before it
     * @param settings what else is set
     * @return the engine
     */
    protected ObjectLocks otherProcess(LockBackend backend, UnaryOperator<ObjectLocksBuilder> settings) {
        ObjectLocks other = settings.apply(engine(backend)).build();
        otherEnds.add(() -> {
            if (backend instanceof FaultyBackend cable) {
                // Or a case that failed in the middle would hang here.
                cable.mend();
            }
            other.close();
        });
        return other;
    }

    /**
     * Skips the rest of a test where the store cannot show it.
     *
     * @param needed what it needs
     */
    protected void assumeThatStore(StoreUnderTest.Capability needed) {
        Assumptions.assumeTrue(store.capabilities().contains(needed), () -> store + " cannot show " + needed);
    }

    @AfterEach
    void closeStore() {
        try {
            for (Running<?> one : running) {
                one.result();
            }
            LockAssertions.assertNothingHeld(locks);
        } finally {
            otherEnds.forEach(Runnable::run);
            locks.close();
            store.close();
        }
    }

    /**
     * Makes an owner.
     *
     * @param text {@code user/client} or {@code user}
     * @return the owner
     */
    protected static LockOwner owner(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? LockOwner.user(text)
                : LockOwner.user(text.substring(0, slash)).onClient(text.substring(slash + 1));
    }

    /**
     * Makes a path.
     *
     * @param text the path
     * @return the path
     */
    protected static LockPath path(String text) {
        return LockPath.parse(text);
    }

    /**
     * Runs work for an owner, as a new flow.
     *
     * @param owner the owner
     * @param body the work
     */
    protected void as(String owner, Body.Action<RuntimeException> body) {
        locks.runAs(owner(owner), body);
    }

    /**
     * Runs work for an owner, as a new flow.
     *
     * @param owner the owner
     * @param body the work
     * @param <T> what it returns
     * @return what the body returned
     */
    protected <T extends @Nullable Object> T callAs(String owner, Body<T, RuntimeException> body) {
        return locks.callAs(owner(owner), body);
    }

    /**
     * Runs work for an owner on a thread of its own. It must be over when the test is.
     *
     * @param owner the owner
     * @param body the work
     * @param <T> what it returns
     * @return the running work
     */
    protected <T extends @Nullable Object> Running<T> start(String owner, Body<T, RuntimeException> body) {
        Running<T> started = new Running<>(new FutureTask<T>(() -> callAs(owner, body)));
        running.add(started);
        started.thread.start();
        return started;
    }

    /**
     * Waits until somebody waits for an object.
     *
     * @param path the object
     * @param count how many
     */
    protected void awaitWaiters(String path, int count) {
        await(() -> locks.status(path(path)).waiters().size() == count);
    }

    /**
     * Waits for an event of a kind.
     *
     * @param type the kind
     * @param <E> the kind
     * @return the first of this kind; earlier ones of other kinds are dropped
     */
    protected <E extends LockEvent> E nextEvent(Class<E> type) {
        try {
            while (true) {
                LockEvent event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(event).as("an event of type " + type.getSimpleName()).isNotNull();
                if (type.isInstance(event)) {
                    return type.cast(event);
                }
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /**
     * Waits until something is so.
     *
     * @param condition what
     */
    protected static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("gave up waiting").isLessThan(end);
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /**
     * Work on a thread of its own.
     *
     * @param <T> what it returns
     */
    protected static final class Running<T extends @Nullable Object> {

        private final FutureTask<T> task;
        private final Thread thread;

        private Running(FutureTask<T> task) {
            this.task = task;
            this.thread = newThread(task);
        }

        /** A virtual thread where there are such: waiting must be possible on either kind. */
        private static Thread newThread(Runnable task) {
            try {
                Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
                return (Thread) Class.forName("java.lang.Thread$Builder")
                        .getMethod("unstarted", Runnable.class)
                        .invoke(builder, task);
            } catch (ReflectiveOperationException beforeJava21) {
                Thread thread = new Thread(task, "case");
                thread.setDaemon(true);
                return thread;
            }
        }

        /**
         * Waits for the end.
         *
         * @return what it returned
         */
        public T result() {
            return result(PATIENCE);
        }

        /**
         * Waits for the end of work that is long.
         *
         * @param patience how long at most
         * @return what it returned
         */
        public T result(Duration patience) {
            try {
                return task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof RuntimeException plain) {
                    throw plain;
                }
                throw new AssertionError(failed.getCause());
            } catch (InterruptedException | TimeoutException stuck) {
                throw new AssertionError("the work did not end", stuck);
            }
        }

        /**
         * Returns whether it is over.
         *
         * @return false while it runs or waits
         */
        public boolean isDone() {
            return task.isDone();
        }

        /** Interrupts it. */
        public void interrupt() {
            thread.interrupt();
        }
    }
}
