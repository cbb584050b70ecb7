package dev.objectlock.memory;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockOwner;
import dev.objectlock.LockTime;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.ConflictRule;
import dev.objectlock.backend.Terms;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A hold. Guarded by the mutex of its tree. */
abstract class Held {

    /** To which it belongs. A kept hold of a client follows it to another process. */
    MemoryProcess process;

    /** Where it is, and on what terms. Replaced as a whole. */
    Claim claim;

    /** The next hold of its tree, while they are few. */
    @Nullable
    Held nextInTree;

    boolean ended;

    Held(MemoryProcess process, Claim claim) {
        this.process = process;
        this.claim = claim;
    }

    abstract LockOwner owner();

    abstract String name();

    abstract long fence();

    /** When it was granted, as {@code nanoTime}. */
    abstract long since();

    /** How long until it ends if it is not used; null if nothing but its release or session ends it. */
    abstract @Nullable Duration timeLeft(long nanoTime);

    final Terms terms() {
        return claim.terms();
    }

    final boolean isKept() {
        return claim.terms().kept();
    }

    final boolean conflictsWith(Claim other, LockOwner otherOwner) {
        return ConflictRule.conflict(claim, owner(), other, otherOwner);
    }

    final boolean belongsTo(LockOwner who) {
        if (!isKept() || terms().mode() == LockMode.MONITOR) {
            return owner().isSameFlow(who);
        }
        return terms().mode() == LockMode.USER ? owner().isSameUser(who) : owner().isSameClient(who);
    }

    /** How much of its longest time is left; null if it has none. */
    final @Nullable Duration maxHoldLeft(long nanoTime) {
        Duration longest = terms().maxHold();
        return longest == null ? null : Duration.ofNanos(Math.max(0, longest.toNanos() - (nanoTime - since())));
    }

    final HoldInfo info(LockTime time) {
        long nanoTime = time.nanoTime();
        Instant since = time.now().minusNanos(nanoTime - since());
        return new HoldInfo(
                name(),
                claim.path(),
                terms().mode(),
                terms().scope(),
                terms().access(),
                claim.extent(),
                isKept(),
                owner(),
                fence(),
                since,
                timeLeft(nanoTime),
                terms().slots());
    }
}
