package dev.objectlock;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a client's kept holds when its connection is lost, or when the last process that it was connected to has
 * died. A logout always ends them, and a running call always keeps its own.
 *
 * @param kind whether they end, stay for a while, or stay
 * @param grace how long they stay, for {@link Kind#GRACE} alone
 */
public record SessionPolicy(Kind kind, @Nullable Duration grace) {

    /** The kinds of policy. */
    public enum Kind {
        /** They end at once. */
        RELEASE,
        /** They stay for a time, in which the client may be resumed. */
        GRACE,
        /** They stay until the client is resumed and logs out, or until somebody takes them away. */
        STAY
    }

    /** Kept holds end with the connection. The default. */
    public static final SessionPolicy RELEASE = new SessionPolicy(Kind.RELEASE, null);

    /** Kept holds outlive the connection. */
    public static final SessionPolicy STAY = new SessionPolicy(Kind.STAY, null);

    /** Checks that a grace has a time and nothing else has. */
    public SessionPolicy {
        if ((kind == Kind.GRACE) != (grace != null)) {
            throw new LockConfigurationException("a session policy has a time if it is GRACE, and else none");
        }
        if (grace != null && (grace.isZero() || grace.isNegative())) {
            throw new LockConfigurationException("the grace of a session policy must be more than zero, but is " + grace
                    + "; use SessionPolicy.RELEASE for none");
        }
    }

    /**
     * Kept holds stay for a time after the connection was lost. It ends early when the client is resumed and, for USER
     * holds, with any login of the user.
     *
     * @param time how long, more than zero
     * @return the policy
     * @throws LockConfigurationException if the time is zero or negative
     */
    public static SessionPolicy grace(Duration time) {
        return new SessionPolicy(Kind.GRACE, time);
    }
}
