package dev.objectlock.engine;

import dev.objectlock.Body;
import dev.objectlock.Hold;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockOwner;
import dev.objectlock.OwnerContext;
import dev.objectlock.Privilege;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is bound to a thread: the engine and the owner that were entered, the flow, and where in it the thread is. Used by
 * its thread alone.
 */
public final class Binding extends OwnerContext {

    private static final AtomicLong THREADS = new AtomicLong();

    /** Null for a thread that entered no owner: then the engine is looked up at each call. */
    private final @Nullable Engine engine;

    private final @Nullable Binding outer;

    /** Null as long as it has not been asked for, where who comes in is found out when it is needed. */
    private @Nullable Entrance entrance;

    private @Nullable Arrival later;

    /** The same for other threads, once it is known that this goes there. */
    private @Nullable Arrival carriedLater;

    /** Where an owner was entered, its flow in the one engine; else the flow in the engine that was met last. */
    private @Nullable Flow flow;

    /** Flows in other engines of a thread that entered no owner, by the id of their process. */
    private @Nullable Map<String, Flow> otherFlows;

    /** Whom this thread, which entered nobody, worked for last, and for whom it still holds something. */
    private List<Binding> workedFor = List.of();

    /** What this is in engines other than its own: a thread that entered no owner. */
    private @Nullable Binding stranger;

    private @Nullable CallHold current;

    /** The transactions that this is in, of whatever engine and flow; those that have ended may still be there. */
    private @Nullable Inside transactions;

    /** Whether this stands only for the time of a call between another one and its engine. */
    private boolean passing;

    /** How many readers this is in. */
    private int reading;

    private @Nullable Exempt exempt;
    private boolean resolving;
    private boolean joined;

    /** How many bodies without locks this is in. */
    private int unlocked;

    private Binding(
            @Nullable Engine engine, @Nullable Entrance entrance, @Nullable Binding outer, @Nullable Flow flow) {
        this.engine = engine;
        this.entrance = entrance;
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
        Binding made = new Binding(null, Entrance.NOBODY, null, null);
        set(made);
        return made;
    }

    /** Runs work for an owner; inside work of the same owner it goes on with that flow. */
    static <T extends @Nullable Object, X extends Exception> T enter(
            Engine engine, LockOwner owner, @Nullable Session session, Body<T, X> body) throws X {
        Binding outer = onThread();
        Binding same = sameOwner(outer, engine, owner);
        Binding inner = same != null
                ? new Binding(engine, same.entrance, outer, same.flow)
                : new Binding(
                        engine,
                        Entrance.of(engine, owner, session),
                        outer,
                        engine.flows().begin(owner));
        return run(inner, outer, body);
    }

    private static @Nullable Binding onThread() {
        return get() instanceof Binding bound ? bound : null;
    }

    /**
     * Enters an engine; who comes in is asked when a lock is first asked for. Always a new flow.
     *
     * @param engine the engine
     * @param later says who it is
     * @return what was bound before, to be {@linkplain #restore restored}
     */
    public static @Nullable OwnerContext enterLater(Engine engine, Arrival later) {
        Binding outer = onThread();
        Binding inner = new Binding(engine, null, outer, null);
        inner.later = later;
        inner.takeOver(outer);
        set(inner);
        return outer;
    }

    /**
     * Makes calls on this thread use an engine, for somebody who has entered it further out, else for whom the thread is by
     * itself.
     *
     * @param used the engine
     * @return what was bound before, to be {@linkplain #restore restored}; the same context if nothing had to be done
     */
    public static @Nullable OwnerContext use(Engine used) {
        OwnerContext before = get();
        Binding outer = current();
        if (outer.engine != used) {
            Binding there = outer.in(used);
            Flow flow = there.flowIn(used);
            Binding inner = new Binding(used, there.entrance(), outer, flow);
            inner.takeOver(outer);
            inner.current = outer.current;
            inner.passing = true;
            set(inner);
        }
        return before;
    }

    /**
     * Binds the user and client of a context, whatever thread it is of, with a new flow. On the thread of that context the
     * flow goes on.
     *
     * @param from the context; null for nobody
     */
    public static void carry(@Nullable OwnerContext from) {
        if (from != get()) {
            set(from instanceof Binding captured ? captured.renewed(onThread()) : null);
        }
    }

    /**
     * Binds what was bound before.
     *
     * @param before what was returned when something else was bound
     */
    public static void restore(@Nullable OwnerContext before) {
        if (get() instanceof Binding inner && inner.passing && inner.outer != null) {
            // What was begun in there goes on.
            inner.outer.transactions = inner.transactions;
        }
        if (before == null && get() instanceof Binding inner && inner.outer != null && inner.outer.hasOngoing()) {
            // What the thread itself still holds, for instance until a transaction is over, it must find again.
            set(inner.outer);
        } else {
            set(before);
        }
    }

    /** Whether a thread that entered nobody has holds that go on. */
    private boolean hasOngoing() {
        return engine == null
                && (flow != null && flow.hasScopedHold()
                        || workedFor.stream().anyMatch(one -> one.flow != null && one.flow.hasScopedHold())
                        || otherFlows != null && otherFlows.values().stream().anyMatch(Flow::hasScopedHold));
    }

    private void takeOver(@Nullable Binding from) {
        unlocked = from == null ? 0 : from.unlocked;
        exempt = from == null ? null : from.exempt;
        reading = from == null ? 0 : from.reading;
        transactions = from == null ? null : from.transactions;
    }

    /**
     * Prepares this for other threads, to which only what is known now can go.
     *
     * @return this
     */
    public Binding settled() {
        if (entrance == null && carriedLater == null) {
            carriedLater = new ArrivalOnce(Objects.requireNonNull(later).carried());
        }
        return this;
    }

    /**
     * Finds out who this is, while that can be asked.
     *
     * @return this, to be used by other threads too
     */
    public Binding known() {
        entrance();
        return this;
    }

    private Entrance entrance() {
        Entrance known = entrance;
        if (known == null) {
            known = Objects.requireNonNull(later).entrance();
            entrance = known;
            later = null;
        }
        return known;
    }

    private static @Nullable Binding sameOwner(@Nullable Binding from, Engine engine, LockOwner owner) {
        for (Binding at = from; at != null; at = at.outer) {
            // Who has not been asked who it is has no flow yet that could be continued.
            if (at.engine == engine && at.entrance != null && at.entrance.isOf(owner)) {
                return at;
            }
        }
        return null;
    }

    private static <T extends @Nullable Object, X extends Exception> T run(
            Binding inner, @Nullable Binding outer, Body<T, X> body) throws X {
        inner.takeOver(outer);
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

    /**
     * Returns what this thread is to an engine.
     *
     * @param used the engine
     * @return where it entered an owner there, that; else whom it works for, or nobody
     */
    public Binding in(Engine used) {
        if (engine == null) {
            return ofThreadIn(used);
        }
        for (Binding at = this; at != null; at = at.outer) {
            if (at.engine == used) {
                return at;
            }
            if (at.engine == null) {
                return at.ofThreadIn(used);
            }
        }
        if (stranger == null) {
            stranger = new Binding(null, Entrance.NOBODY, null, null);
        }
        return stranger.ofThreadIn(used);
    }

    /** Of a thread that entered nobody, but may be known to work for somebody. */
    private Binding ofThreadIn(Engine used) {
        LockOwner owner =
                used.settings().threadOwner().get().map(used::withClient).orElse(null);
        if (owner == null) {
            return this;
        }
        Binding before = workedFor(used, owner);
        // The same user may have logged in again, with other privileges.
        before.entrance = Entrance.ofThread(used, owner);
        return before;
    }

    private Binding workedFor(Engine used, LockOwner owner) {
        for (Binding one : workedFor) {
            if (one.engine == used && one.entrance().isOf(owner)) {
                return one;
            }
        }
        Binding made = new Binding(
                used, Entrance.ofThread(used, owner), this, used.flows().begin(owner));
        List<Binding> all = new ArrayList<>(workedFor);
        all.removeIf(one -> one.flow == null || !one.flow.hasScopedHold());
        all.add(made);
        workedFor = all;
        return made;
    }

    Flow flowIn(Engine used) {
        Flow known = flow;
        if (known == null
                || engine == null && !used.processId().equals(known.owner().client())) {
            known = engine == null
                    ? otherFlow(used, known)
                    : used.flows().begin(entrance().owner());
            flow = known;
        }
        return known;
    }

    /** A thread that entered nobody has the process of each engine as its client there, and a flow in each. */
    private Flow otherFlow(Engine used, @Nullable Flow before) {
        if (before != null) {
            if (otherFlows == null) {
                otherFlows = new HashMap<>(2);
            }
            otherFlows.put(String.valueOf(before.owner().client()), before);
            Flow known = otherFlows.get(used.processId());
            if (known != null) {
                return known;
            }
        }
        String name = "t" + Long.toString(THREADS.incrementAndGet(), 36);
        return new Flow(new LockOwner(null, used.processId(), name), used.processId() + "-" + name);
    }

    /**
     * Returns a context of the same owner with a new flow, for work that goes on by itself. May be called on any thread once
     * this is {@linkplain #known known}.
     *
     * @param used the engine
     * @return the context, bound to no thread
     */
    public Binding detached(Engine used) {
        return new Binding(
                used,
                entrance(),
                null,
                used.flows().begin(used.withClient(entrance().owner())));
    }

    /**
     * Returns a context of the same owner in the flow of a hold, with it as the current one. May be called on any thread once
     * this is {@linkplain #known known}.
     *
     * @param hold a hold of the same owner
     * @return the context, bound to no thread
     */
    public Binding inside(ScopedHold hold) {
        Binding inner = new Binding(hold.engine(), entrance(), null, hold.flow());
        inner.current = hold;
        inner.transactions = transactions;
        return inner;
    }

    /**
     * Returns a further context of the same owner, flow and current hold, since one is not for two threads at once.
     *
     * @return the context, bound to no thread
     */
    public Binding goingOn() {
        Binding same = new Binding(engine, entrance(), null, flow);
        same.current = current;
        same.transactions = transactions;
        return same;
    }

    /**
     * Returns a context of the same owner in a transaction, whatever thread it was begun on. May be called on any thread.
     *
     * @param begun a transaction of the same owner
     * @return the context, bound to no thread
     */
    Binding inside(Transaction begun) {
        Binding inner = new Binding(begun.engine(), entrance(), null, begun.flow());
        inner.current = begun.hold();
        inner.transactions = new Inside(begun, null);
        return inner;
    }

    /**
     * Returns whether work that was called for in this context may be done in the flow of another: as long as the hold goes on
     * that the other is inside of, and unless it is of somebody else.
     *
     * @param outer the other context
     * @param used the engine of the work
     * @return true if it is for the owner who was entered here or, where nobody was, for the user who is known here, if one is
     */
    public boolean mayGoOnIn(Binding outer, Engine used) {
        ScopedHold around = outer.innermost();
        if (outer.engine != used || outer.flow == null || around == null || !around.isOngoing()) {
            return false;
        }
        LockOwner own = entrance().owner();
        LockOwner other = outer.entrance().owner();
        if (entrance().isEntered()) {
            return used.withClient(own).equals(used.withClient(other));
        }
        return own.user() == null || own.user().equals(other.user());
    }

    boolean isEntered() {
        return entrance().isEntered();
    }

    @Nullable
    Session session() {
        return entrance().session();
    }

    Set<Privilege> privileges() {
        return entrance().privileges();
    }

    /** Why nothing at all may be locked, not even a monitor; null if something may. */
    @Nullable
    String barred() {
        return entrance().barred();
    }

    /**
     * Makes a hold the current one.
     *
     * @param hold the hold of the call that begins, or null
     * @return the one before, to be set again
     */
    public @Nullable CallHold swapCurrent(@Nullable CallHold hold) {
        CallHold before = current;
        current = hold;
        return before;
    }

    /**
     * Returns the hold of the innermost call with a lock.
     *
     * @return null outside such calls, and where the work goes on without a hold
     */
    public @Nullable ScopedHold innermost() {
        return current instanceof ScopedHold hold ? hold : null;
    }

    /**
     * Exempts what is called on an instance, besides those that are exempt already.
     *
     * @param instance the instance whose {@code @Unrestricted} method begins
     */
    public void exempt(@Nullable Object instance) {
        exempt = new Exempt(instance, exempt);
    }

    /** Ends the last exemption. */
    public void endExempt() {
        exempt = exempt == null ? null : exempt.outer;
    }

    /**
     * Returns whether calls on an instance are exempt at the moment.
     *
     * @param instance the target object
     * @return true inside its {@code @Unrestricted} method, and while a path is being worked out
     */
    public boolean isExempt(@Nullable Object instance) {
        for (Exempt one = exempt; one != null; one = one.outer) {
            if (one.instance == instance) {
                return true;
            }
        }
        return resolving || unlocked > 0;
    }

    /** A transaction that a thread is in, and those around it. */
    record Inside(Transaction transaction, @Nullable Inside outer) {}

    /** Whether it may be in a transaction: one read for the calls of everybody else. */
    boolean mayBeInTransaction() {
        return transactions != null;
    }

    /**
     * Returns the transaction of this flow in an engine that the thread is in.
     *
     * @param used the engine
     * @return null if there is none; also one that was lost, until whoever began it has ended it
     */
    @Nullable
    Transaction transaction(Engine used) {
        forgetEnded();
        for (Inside at = transactions; at != null; at = at.outer) {
            Transaction one = at.transaction;
            if (one.engine() == used && one.flow() == in(used).flowIn(used)) {
                return one;
            }
        }
        return null;
    }

    /** What has ended is forgotten, with all that it had captured. */
    private void forgetEnded() {
        transactions = without(transactions, Transaction::isOver);
    }

    /** The thread is not in a transaction any more, wherever it was begun. */
    void leave(Transaction gone) {
        transactions = without(transactions, one -> one == gone || one.isOver());
    }

    @SuppressWarnings("ReferenceEquality") // Of the chain as far as nothing is gone, nothing is made anew.
    private static @Nullable Inside without(@Nullable Inside chain, Predicate<Transaction> gone) {
        if (chain == null) {
            return null;
        }
        Inside outer = without(chain.outer, gone);
        if (gone.test(chain.transaction)) {
            return outer;
        }
        return outer == chain.outer ? chain : new Inside(chain.transaction, outer);
    }

    /** The thread is in a transaction from now on. Returns what it was in before, to be {@link #leave left to}. */
    @Nullable
    Inside enter(Transaction transaction) {
        Inside before = transactions;
        transactions = new Inside(transaction, before);
        return before;
    }

    void leave(@Nullable Inside before) {
        transactions = before;
    }

    boolean isReading() {
        return reading > 0;
    }

    /**
     * Marks that a reader is running: it must not begin a transaction.
     *
     * @param on whether it begins
     */
    public void reading(boolean on) {
        reading += on ? 1 : -1;
    }

    /** Runs what knows the state of objects: it takes no locks, waits for nothing and makes no step of its own. */
    <T extends @Nullable Object> T undisturbed(Supplier<T> work) {
        unlocked++;
        try {
            return work.get();
        } finally {
            unlocked--;
        }
    }

    /** Runs work with this binding on the current thread. */
    <T extends @Nullable Object, X extends Exception> T call(Body<T, X> body) throws X {
        Binding before = onThread();
        set(this);
        try {
            return body.run();
        } finally {
            set(before);
        }
    }

    /** Whether this thread is in a body without locks. */
    boolean isUnlocked() {
        return unlocked > 0;
    }

    void noteJoined(boolean was) {
        joined = was;
    }

    /**
     * Returns whether the last request of this thread joined a hold that its flow had.
     *
     * @return false if it was granted one
     */
    public boolean hasJoined() {
        return joined;
    }

    /** An instance whose unrestricted method is running, and those around it. */
    private record Exempt(@Nullable Object instance, @Nullable Exempt outer) {}

    /**
     * Runs work with this binding on the current thread, whatever was bound to it.
     *
     * @param work the work
     */
    public void run(Runnable work) {
        Binding before = onThread();
        set(this);
        try {
            work.run();
        } finally {
            set(before);
        }
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
        if (engine != null) {
            return flowIn(engine).owner();
        }
        return flow != null ? flow.owner() : entrance().owner();
    }

    @Override
    public void ensureHolds(Duration duration) {
        for (Binding at = this; at != null; at = at.outer) {
            at.ensureOwn(duration);
        }
    }

    private void ensureOwn(Duration duration) {
        ensure(flow, duration);
        workedFor.forEach(one -> ensure(one.flow, duration));
        if (otherFlows != null) {
            otherFlows.values().forEach(other -> ensure(other, duration));
        }
        if (stranger != null) {
            stranger.ensureOwn(duration);
        }
    }

    private static void ensure(@Nullable Flow some, Duration duration) {
        if (some != null) {
            some.forEachHold(hold -> new ScopedHandle(hold).ensure(duration));
        }
    }

    @Override
    public Optional<Hold> currentHold() {
        CallHold hold = current;
        return hold == null ? Optional.empty() : Optional.of(hold.asCurrent());
    }

    @Override
    protected Carried carried() {
        Binding captured = settled();
        return new Carried() {
            @Override
            public <T extends @Nullable Object, X extends Exception> T call(Body<T, X> body) throws X {
                Binding outer = onThread();
                return run(captured.renewed(outer), outer, body);
            }
        };
    }

    private Binding renewed(@Nullable Binding around) {
        Entrance asked = entrance;
        Binding next = new Binding(engine, asked, around, null);
        next.later = asked == null ? carriedLater : null;
        return next;
    }

    @Override
    protected Carried handedOver() {
        Engine used = requireEntered("hand its flow over");
        Flow same = flowIn(used);
        Inside around = transactions;
        AtomicBoolean taken = new AtomicBoolean();
        return new Carried() {
            @Override
            public <T extends @Nullable Object, X extends Exception> T call(Body<T, X> body) throws X {
                if (taken.getAndSet(true)) {
                    throw new LockConfigurationException(
                            "the flow " + same.owner().flow()
                                    + " was handed over once and has been taken; capture it again, or use carry()");
                }
                Binding outer = onThread();
                Binding inner = new Binding(used, entrance, outer, same);
                return Binding.run(inner, outer, () -> {
                    inner.transactions = around;
                    return body.run();
                });
            }
        };
    }

    @Override
    protected <T extends @Nullable Object, X extends Exception> T inNamedFlow(String name, Body<T, X> body) throws X {
        Engine used = requireEntered("be in the named flow '" + name + "'");
        Flow named = used.flows().enter(entrance().owner(), name);
        try {
            return run(new Binding(used, entrance, this, named), this, body);
        } finally {
            used.flows().leave(named);
        }
    }

    private Engine requireEntered(String what) {
        if (engine == null || !isEntered()) {
            throw new LockAuthenticationException("a thread that entered no owner cannot " + what
                    + ", since a flow belongs to an owner; enter one with ObjectLocks.callAs(owner, ...)");
        }
        return engine;
    }

    @Override
    protected <T extends @Nullable Object, X extends Exception> T unlocked(String reason, Body<T, X> body) throws X {
        Unlocked.begins(reason);
        unlocked++;
        try {
            return body.run();
        } finally {
            unlocked--;
        }
    }

    /** Runs work on whatever thread in this flow, with a hold as the current one, in the transactions of the caller. */
    <T> T inSameFlow(CallHold hold, Binding caller, Supplier<T> work) {
        Binding before = onThread();
        Binding same = new Binding(engine, entrance, before, flow);
        same.current = hold;
        same.transactions = caller.transactions;
        same.reading = caller.reading;
        set(same);
        try {
            return work.get();
        } finally {
            set(before);
        }
    }
}
