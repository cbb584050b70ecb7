package dev.objectlock;

import dev.objectlock.annotation.LockMode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sees annotated calls that take locks, for metrics and traces. It is told path templates, never paths: there are as many
 * paths as objects. Of a result that is subscribed to, each subscription is a call. It is called on the thread of the call, with
 * no internal lock held; what it throws is logged and harms nobody. Thread-safe.
 */
@FunctionalInterface
public interface LockObserver {

    /**
     * A call is about to ask for its locks.
     *
     * @param call what it asks for
     * @return is told how it goes on
     */
    Observed asks(ObservedCall call);

    /**
     * What a call asks for.
     *
     * @param method the method: {@code Robot.moveTo(String, Pose)}
     * @param templates its path templates as they are written; {@code {this}} for the path of the target object
     * @param modes the modes of its locks
     * @param kept whether it asks for holds that outlive it
     */
    record ObservedCall(String method, List<String> templates, Set<LockMode> modes, boolean kept) {}

    /** How one call goes on: {@link #granted} or {@link #proceeded} and then {@link #ended}, or {@link #refused} alone. */
    interface Observed {

        /**
         * It has its locks, and the body begins.
         *
         * @param joined whether its flow had them already
         */
        void granted(boolean joined);

        /**
         * The store cannot be reached and the body begins without its locks, as {@link WithoutStore#PROCEED} says; {@link #ended}
         * follows. By default this counts as granted.
         */
        default void proceeded() {
            granted(false);
        }

        /**
         * It does not get its locks.
         *
         * @param why what the caller is told
         */
        void refused(RuntimeException why);

        /**
         * Its locks for the call have been given back.
         *
         * @param failure what the caller is told, or null if it succeeded
         */
        void ended(@Nullable Throwable failure);
    }
}
