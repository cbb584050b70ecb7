package dev.objectlock.backend;

import dev.objectlock.LockOwner;
import dev.objectlock.SessionPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A client as it is connected to one process. When it is resumed, there or elsewhere, that is another connection, and the
 * former one has nothing more to say.
 *
 * @param client user and client
 * @param policy what becomes of its kept holds when the connection is lost
 * @param number tells its connections apart
 * @param shortestLease the shortest lease that the beats of this process have to keep up for it, or null
 */
public record Connection(LockOwner client, SessionPolicy policy, long number, @Nullable Duration shortestLease) {}
