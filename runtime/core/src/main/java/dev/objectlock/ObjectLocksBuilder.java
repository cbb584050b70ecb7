package dev.objectlock;

import dev.objectlock.backend.LockBackend;
import dev.objectlock.engine.Binding;
import dev.objectlock.engine.Engine;
import dev.objectlock.engine.Engines;
import dev.objectlock.engine.Settings;
import dev.objectlock.engine.Unlocked;
import dev.objectlock.memory.MemoryLockBackend;
import dev.objectlock.memory.MemoryUndoHistory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Puts an engine together. This is the one class of the door that sees the engine and the backends.
 *
 * <p>Not thread-safe; each {@link #build} makes another engine.
 */
public final class ObjectLocksBuilder {

    private static final int MOST_STEPS = 50;
    private static final long MOST_BYTES = 64L << 20;

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private @Nullable LockBackend backend;
    private @Nullable LockTime time;
    private LockAuthorizer authorizer = LockAuthorizer.everyNamedUser();
    private final List<LockListener> listeners = new ArrayList<>();
    private @Nullable String name;
    private SessionPolicy sessionPolicy = SessionPolicy.RELEASE;
    private boolean anyClientReleases;
    private UnaryOperator<String> properties = ObjectLocksBuilder::noProperties;
    private Supplier<Optional<LockOwner>> threadOwner = Optional::empty;
    private @Nullable SurroundingTransactions databaseTransactions;
    private @Nullable UndoHistory history;
    private Duration transactionIdle = Duration.ofSeconds(10);
    private @Nullable LockObserver observer;
    private WithoutStore withoutStore = WithoutStore.REFUSE;

    ObjectLocksBuilder() {}

    /**
     * Sets where holds are kept. It is not closed with the engine.
     *
     * @param store the backend; by default a new one in memory
     * @return this builder
     * @throws LockConfigurationException if one was set already
     */
    public ObjectLocksBuilder backend(LockBackend store) {
        if (backend != null) {
            throw new LockConfigurationException(
                    "two backends are set, " + backend.name() + " and " + store.name() + "; an engine has one");
        }
        backend = store;
        return this;
    }

    /**
     * Sets the time of the default backend, for tests.
     *
     * @param source where time comes from; by default the machine
     * @return this builder
     */
    public ObjectLocksBuilder time(LockTime source) {
        time = source;
        return this;
    }

    /**
     * Sets who may do what.
     *
     * @param rule the rule; by default every named user may lock and nobody may override
     * @return this builder
     */
    public ObjectLocksBuilder authorizer(LockAuthorizer rule) {
        authorizer = rule;
        return this;
    }

    /**
     * Adds a listener to what happens to kept holds, and to losses.
     *
     * @param listener the listener
     * @return this builder
     */
    public ObjectLocksBuilder listener(LockListener listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * Sets what becomes of a client's kept holds when its connection is lost.
     *
     * @param policy the policy of sessions that are opened without one; by default {@link SessionPolicy#RELEASE}
     * @return this builder
     */
    public ObjectLocksBuilder sessionPolicy(SessionPolicy policy) {
        sessionPolicy = policy;
        return this;
    }

    /**
     * Lets every client of a user release the kept CLIENT holds of the user's other clients, for recovery.
     *
     * @param allowed by default false: a CLIENT hold is released by its client alone
     * @return this builder
     */
    public ObjectLocksBuilder anyClientReleases(boolean allowed) {
        anyClientReleases = allowed;
        return this;
    }

    /**
     * Sets what <code>${property}</code> stands for in the paths and times of annotations.
     *
     * @param resolver replaces every property in a text, or throws with the name of one that is not there; by default there
     *     are none
     * @return this builder
     */
    public ObjectLocksBuilder properties(UnaryOperator<String> resolver) {
        properties = resolver;
        return this;
    }

    /**
     * Sets who works on a thread that entered nobody, where something else knows that, such as a security context. The flow
     * is that of the thread, as long as it works for the same user.
     *
     * @param finder asked with each lock; empty for nobody in particular, which is the default
     * @return this builder
     */
    public ObjectLocksBuilder threadOwner(Supplier<Optional<LockOwner>> finder) {
        threadOwner = finder;
        return this;
    }

    /**
     * Sets how the database transaction that runs around a call is found.
     *
     * @param finder finds it; by default there is none
     * @return this builder
     */
    public ObjectLocksBuilder databaseTransactions(SurroundingTransactions finder) {
        databaseTransactions = finder;
        return this;
    }

    /**
     * Sets where the steps of transactions are kept, to be undone.
     *
     * @param kept the history, of this engine alone; by default one in memory, of 50 steps for each root and 64 MiB of states
     * @return this builder
     */
    public ObjectLocksBuilder history(UndoHistory kept) {
        history = kept;
        return this;
    }

    /**
     * Sets after how long without a call in it an open transaction is lost. What it changed is then restored, on a thread of the
     * engine's own, and given back when that is done.
     *
     * @param unused by default 10 s
     * @return this builder
     * @throws LockConfigurationException if it is not more than zero
     */
    public ObjectLocksBuilder transactionIdle(Duration unused) {
        if (unused.isNegative() || unused.isZero()) {
            throw new LockConfigurationException(
                    "the time that a transaction may be idle must be more than zero, but is " + unused);
        }
        transactionIdle = unused;
        return this;
    }

    /**
     * Sets who sees annotated calls that take locks.
     *
     * @param seeing the observer; by default nobody
     * @return this builder
     */
    public ObjectLocksBuilder observer(LockObserver seeing) {
        observer = seeing;
        return this;
    }

    /**
     * Sets what becomes of work that needs a lock while the store cannot be reached.
     *
     * @param choice by default {@link WithoutStore#REFUSE}: it fails
     * @return this builder
     */
    public ObjectLocksBuilder withoutStore(WithoutStore choice) {
        withoutStore = choice;
        return this;
    }

    /**
     * Names the engine, for logs and errors.
     *
     * @param text the name; by default a number
     * @return this builder
     */
    public ObjectLocksBuilder name(String text) {
        name = text;
        return this;
    }

    /**
     * Makes the engine.
     *
     * @return the engine, ready for use
     * @throws LockConfigurationException if a time is set for a backend that has its own
     * @throws LockBackendException if the store cannot be reached; with {@link WithoutStore#PROCEED} the engine is made all
     *     the same, and joins the store later
     */
    public ObjectLocks build() {
        if (backend != null && time != null) {
            throw new LockConfigurationException("the time belongs to the backend: give it to the " + backend.name()
                    + " backend, not to the builder");
        }
        boolean own = backend == null;
        LockBackend store =
                backend != null ? backend : MemoryLockBackend.create(time == null ? LockTime.system() : time);
        String named = name != null ? name : Integer.toString(NUMBERS.incrementAndGet());
        return Engine.join(new Settings(
                named,
                store,
                own,
                authorizer,
                List.copyOf(listeners),
                sessionPolicy,
                anyClientReleases,
                properties,
                threadOwner,
                databaseTransactions,
                observer,
                withoutStore,
                history == null ? UndoHistory.inMemory(MOST_STEPS, MOST_BYTES) : history,
                transactionIdle));
    }

    static UndoHistory historyInMemory(int steps, long bytes) {
        return new MemoryUndoHistory(steps, bytes);
    }

    private static String noProperties(String text) {
        throw new LockConfigurationException(
                "\"" + text + "\" has a ${property}, and nothing says what that is: use Spring,"
                        + " or set ObjectLocks.builder().properties(...)");
    }

    static void uninstall(ObjectLocks application) {
        Engines.uninstall(application);
    }

    static void install(ObjectLocks application) {
        Engines.install(application);
    }

    static OwnerContext contextOfThread() {
        return Binding.current();
    }

    static long withoutLocksCount() {
        return Unlocked.count();
    }
}
