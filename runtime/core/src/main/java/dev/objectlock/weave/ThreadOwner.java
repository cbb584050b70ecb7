package dev.objectlock.weave;

import dev.objectlock.ClientSession;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockOwner;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OwnerContext;
import dev.objectlock.engine.Arrival;
import dev.objectlock.engine.Binding;
import dev.objectlock.engine.Engine;
import dev.objectlock.engine.Entrance;
import org.jspecify.annotations.Nullable;

/**
 * Binds owners to threads, for integrations that are told when work begins and when it ends and are not given the work
 * itself. Whoever has the work should use {@link ObjectLocks#callAs}, a session or {@link OwnerContext#carry}.
 *
 * <p>Each method that binds returns what was bound before, which must be {@linkplain #restore restored} on the same thread.
 */
public final class ThreadOwner {

    private ThreadOwner() {}

    /**
     * Enters an engine. Who comes in is asked when a lock is first asked for; it is always a new flow.
     *
     * @param locks the engine
     * @param caller says who it is
     * @return what was bound before
     */
    public static @Nullable OwnerContext enter(ObjectLocks locks, CallerSource caller) {
        return Binding.enterLater(engine(locks), new Asked(engine(locks), caller));
    }

    /** Says who comes in, on the thread that was entered. */
    @FunctionalInterface
    public interface CallerSource {

        /**
         * Finds out who it is.
         *
         * @return the caller
         */
        Caller get();

        /**
         * Takes along to other threads what is known now, where that may be gone later. It neither asks a store nor begins
         * anything.
         *
         * @return may be asked on any thread, at any time; by default this
         */
        default CallerSource carried() {
            return this;
        }
    }

    private record Asked(Engine engine, CallerSource source) implements Arrival {

        @Override
        public Entrance entrance() {
            return source.get().in(engine);
        }

        @Override
        public Arrival carried() {
            return new Asked(engine, source.carried());
        }
    }

    /**
     * Makes calls on this thread use an engine: for the owner who has entered it further out, else for nobody in particular.
     * Flow and current hold go on.
     *
     * @param locks the engine
     * @return what was bound before
     */
    public static @Nullable OwnerContext use(ObjectLocks locks) {
        return Binding.use(engine(locks));
    }

    /**
     * Returns what is bound to this thread, to be restored on it.
     *
     * @return null if nothing is
     */
    public static @Nullable OwnerContext current() {
        return OwnerContext.bound().orElse(null);
    }

    /**
     * Returns what is bound to this thread, for another one to {@linkplain #carry carry on}.
     *
     * @return null if nothing is
     */
    public static @Nullable OwnerContext capture() {
        return OwnerContext.bound().isPresent() ? Binding.current().settled() : null;
    }

    /**
     * Binds the user and client of a context to this thread, as a new flow; if it is the context of this thread, its flow
     * goes on.
     *
     * @param from what was captured; null for nobody
     */
    public static void carry(@Nullable OwnerContext from) {
        Binding.carry(from);
    }

    /**
     * Binds again what was bound before.
     *
     * @param before what was returned by the method that bound something else
     */
    public static void restore(@Nullable OwnerContext before) {
        Binding.restore(before);
    }

    private static Engine engine(ObjectLocks locks) {
        if (locks instanceof Engine engine) {
            return engine;
        }
        throw new LockConfigurationException("only what ObjectLocks.builder() made can be entered, not a "
                + locks.getClass().getName());
    }

    /** Who comes in. */
    public static final class Caller {

        private final @Nullable ClientSession session;
        private final @Nullable LockOwner owner;
        private final String barred;

        private Caller(@Nullable ClientSession session, @Nullable LockOwner owner, String barred) {
            this.session = session;
            this.owner = owner;
            this.barred = barred;
        }

        /**
         * A client of the engine that is entered.
         *
         * @param session its session
         * @return the caller
         */
        public static Caller of(ClientSession session) {
            return new Caller(session, null, "");
        }

        /**
         * Somebody without a session.
         *
         * @param owner the user and, if there is one, the client
         * @return the caller
         */
        public static Caller of(LockOwner owner) {
            return new Caller(null, owner, "");
        }

        /**
         * Somebody who may take no lock at all, because nobody knows who it is.
         *
         * @param why what to do about it: {@code log in first}
         * @return the caller
         */
        public static Caller unknown(String why) {
            return new Caller(null, null, why);
        }

        private Entrance in(Engine engine) {
            if (session != null) {
                return Entrance.of(session);
            }
            return owner != null ? Entrance.of(engine, owner) : Entrance.barred(engine, barred);
        }
    }
}
