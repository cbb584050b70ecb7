package dev.objectlock.memory;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockOwner;
import dev.objectlock.LockTime;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.ConflictRule;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A request in the line of a tree. Guarded by the mutex of its tree. */
final class Waiter {

    final MemoryProcess process;
    final Ask ask;
    final CompletableFuture<Answer> decision = new CompletableFuture<>();
    final Answer.Refused refused;
    private final long sinceNanos;

    /** Whether a kept hold keeps it out, which may last: it keeps its place but holds nobody off. */
    boolean keptOut;

    Waiter(MemoryProcess process, Ask ask, Answer.Refused refused, long nanoTime) {
        this.process = process;
        this.ask = ask;
        this.refused = refused;
        this.sinceNanos = nanoTime;
    }

    /** Returns the claim of this waiter that conflicts with that of a later request, or null. */
    @Nullable
    Claim claimInTheWayOf(Claim later, LockOwner laterOwner) {
        for (Claim mine : ask.claims()) {
            if (ConflictRule.conflict(mine, ask.owner(), later, laterOwner)) {
                return mine;
            }
        }
        return null;
    }

    HoldInfo info(Claim claim, LockTime time) {
        return new HoldInfo(
                Ask.holdId(ask.owner(), ask.number(), ask.claims().indexOf(claim)),
                claim.path(),
                claim.terms().mode(),
                claim.terms().scope(),
                claim.terms().access(),
                claim.extent(),
                claim.terms().kept(),
                ask.owner(),
                0,
                time.now().minusNanos(time.nanoTime() - sinceNanos),
                null);
    }
}
