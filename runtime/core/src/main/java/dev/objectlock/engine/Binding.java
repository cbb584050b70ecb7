package dev.objectlock.engine;

import dev.objectlock.Body;
import dev.objectlock.Hold;
import dev.objectlock.LockOwner;
import dev.objectlock.OwnerContext;
import dev.objectlock.Privilege;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What is bound to a thread: the engine and the owner that were entered, the flow, and where in it the thread is. Used by
 * its thread alone.
 */
public final class Binding extends OwnerContext {

    private static final AtomicLong THREADS = new AtomicLong();

    /** Null for a thread that entered no owner: then the engine is looked up at each call. */
    private final @Nullable Engine engine;

    private final LockOwner entered;
    private final @Nullable Session session;
    private final Set<Privilege> privileges;
    private final @Nullable Binding outer;
    private @Nullable Flow flow;
    private @Nullable ScopedHold current;
    private @Nullable Object unrestricted;
    private boolean resolving;

    private Binding(
            @Nullable Engine engine,
            LockOwner entered,
            @Nullable Session session,
            Set<Privilege> privileges,
            @Nullable Binding outer,
            @Nullable Flow flow) {
        this.engine = engine;
        this.entered = entered;
        this.session = session;
        this.privileges = privileges;
        this.outer = outer;
        this.flow = flow;
    }

    /**
     * Returns the binding of the current thread. One that entered no owner is a flow of its own, without a user.
     *
     * @return never null
     */
    public static Binding current() {
        return get() instanceof Binding bound ? bound : ofThread();
    }

    private static Binding ofThread() {
        Binding made = new Binding(null, LockOwner.nobody(), null, Set.of(), null, null);
        set(made);
        return made;
    }

    /** Runs work for an owner; inside work of the same owner it goes on with that flow. */
    static <T extends @Nullable Object, X extends Exception> T enter(
            Engine engine, LockOwner owner, @Nullable Session session, Body<T, X> body) throws X {
        // A session has been asked for its privileges when it was opened.
        Binding outer = get() instanceof Binding bound ? bound : null;
        Binding same = sameOwner(outer, engine, owner);
        Binding inner = same != null
                ? new Binding(engine, owner, same.session, same.privileges, outer, same.flow)
                : new Binding(
                        engine,
                        owner,
                        session,
                        session != null ? session.privileges() : engine.privilegesOf(owner),
                        outer,
                        engine.newFlow(owner));
        return run(inner, outer, body);
    }

    private static @Nullable Binding sameOwner(@Nullable Binding from, Engine engine, LockOwner owner) {
        for (Binding at = from; at != null; at = at.outer) {
            if (at.engine == engine && at.entered.equals(owner)) {
                return at;
            }
        }
        return null;
    }

    private static <T extends @Nullable Object, X extends Exception> T run(
            Binding inner, @Nullable Binding outer, Body<T, X> body) throws X {
        set(inner);
        try {
            return body.run();
        } finally {
            set(outer);
        }
    }

    /**
     * Returns the engine of woven calls here: the bound one, else the installed one, else the one made on first use.
     *
     * @return the engine
     */
    public Engine engine() {
        return engine != null ? engine : Engines.current();
    }

    /**
     * Returns the flow.
     *
     * @return the same for all that this thread does for this owner
     */
    public Flow flow() {
        return flowIn(engine());
    }

    Flow flowIn(Engine used) {
        Flow known = flow;
        if (known == null) {
            // The client of a thread without an owner is the process of whatever engine it meets first.
            known = new Flow(new LockOwner(null, used.processId(), "t" + Long.toString(THREADS.incrementAndGet(), 36)));
            flow = known;
        }
        return known;
    }

    /**
     * Returns a context of the same owner with a new flow, for work that goes on by itself. May be called on any thread.
     *
     * @return the context, bound to no thread
     */
    public Binding detached() {
        Engine used = engine();
        return new Binding(engine, entered, session, privileges, null, used.newFlow(entered));
    }

    boolean isEntered() {
        return engine != null;
    }

    @Nullable
    Session session() {
        return session;
    }

    Set<Privilege> privileges() {
        return privileges;
    }

    /**
     * Makes a hold the current one.
     *
     * @param hold the hold of the call that begins, or null
     * @return the one before, to be set again
     */
    public @Nullable ScopedHold swapCurrent(@Nullable ScopedHold hold) {
        ScopedHold before = current;
        current = hold;
        return before;
    }

    /**
     * Exempts what is called on an instance.
     *
     * @param instance the instance whose {@code @Unrestricted} method begins, or null
     * @return the one before, to be set again
     */
    public @Nullable Object swapUnrestricted(@Nullable Object instance) {
        Object before = unrestricted;
        unrestricted = instance;
        return before;
    }

    /**
     * Returns whether calls on an instance are exempt at the moment.
     *
     * @param instance the target object
     * @return true inside its {@code @Unrestricted} method, and while a path is being worked out
     */
    public boolean isExempt(@Nullable Object instance) {
        return resolving || unrestricted != null && unrestricted == instance;
    }

    /**
     * Marks that accessors are being called to work out a path: they take no locks of their own.
     *
     * @param on whether it begins
     */
    public void resolving(boolean on) {
        resolving = on;
    }

    @Override
    public LockOwner owner() {
        return flow != null ? flow.owner() : entered;
    }

    @Override
    public Optional<Hold> currentHold() {
        ScopedHold hold = current;
        return hold == null ? Optional.empty() : Optional.of(new CurrentHold(hold));
    }

    @Override
    protected Carried carried() {
        Binding captured = this;
        return new Carried() {
            @Override
            public <T extends @Nullable Object, X extends Exception> T call(Body<T, X> body) throws X {
                Binding outer = get() instanceof Binding bound ? bound : null;
                return run(captured.renewed(outer), outer, body);
            }
        };
    }

    private Binding renewed(@Nullable Binding around) {
        return new Binding(
                engine, entered, session, privileges, around, engine == null ? null : engine.newFlow(entered));
    }
}
