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

    final MemoryProcess process;
    final LockOwner owner;
    final long sinceNanos;
    Claim claim;
    long fence;

    Held(MemoryProcess process, LockOwner owner, Claim claim, long fence, long nanoTime) {
        this.process = process;
        this.owner = owner;
        this.claim = claim;
        this.fence = fence;
        this.sinceNanos = nanoTime;
    }

    abstract String name();

    final Terms terms() {
        return claim.terms();
    }

    final boolean isKept() {
        return claim.terms().kept();
    }

    final boolean conflictsWith(Claim other, LockOwner otherOwner) {
        return ConflictRule.conflict(claim, owner, other, otherOwner);
    }

    final boolean belongsTo(LockOwner who) {
        if (!isKept() || terms().mode() == LockMode.MONITOR) {
            return owner.isSameFlow(who);
        }
        return terms().mode() == LockMode.USER ? owner.isSameUser(who) : owner.isSameClient(who);
    }

    /** How long until it ends if it is not used; null if nothing but its release or session ends it. */
    abstract @Nullable Duration timeLeft(long nanoTime);

    final HoldInfo info(LockTime time) {
        long nanoTime = time.nanoTime();
        Instant since = time.now().minusNanos(nanoTime - sinceNanos);
        return new HoldInfo(
                name(),
                claim.path(),
                terms().mode(),
                terms().scope(),
                terms().access(),
                claim.extent(),
                isKept(),
                owner,
                fence,
                since,
                timeLeft(nanoTime));
    }
}
