package dev.objectlock.spring.boot.actuate;

import dev.objectlock.HoldInfo;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One hold, or one who waits for one, as the endpoint writes it.
 *
 * @param id its name, by which it can be taken away; not a secret
 * @param path the object, as {@link dev.objectlock.LockPath#parse} reads it
 * @param user whose it is; null for nobody in particular
 * @param client on which client; null for a hold of no client
 * @param flow of which execution; null for one that belongs to all of them
 * @param mode who else is admitted
 * @param scope what it covers
 * @param access whether readers are shut out
 * @param kept whether it stays until released; else it ends with its call
 * @param since when it was granted; for a waiter, when it began to wait
 * @param timeLeft how long until it ends unused; null if nothing but its release or session ends it
 */
record HoldView(
        String id,
        String path,
        @Nullable String user,
        @Nullable String client,
        @Nullable String flow,
        LockMode mode,
        LockScope scope,
        LockAccess access,
        boolean kept,
        Instant since,
        @Nullable Duration timeLeft) {

    static HoldView of(HoldInfo hold) {
        return new HoldView(
                hold.id(),
                hold.path().toString(),
                hold.owner().user(),
                hold.owner().client(),
                hold.owner().flow(),
                hold.mode(),
                hold.scope(),
                hold.access(),
                hold.kept(),
                hold.since(),
                hold.timeLeft());
    }
}
