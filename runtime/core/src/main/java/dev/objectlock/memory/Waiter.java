package dev.objectlock.memory;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockTime;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import java.util.concurrent.CompletableFuture;

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

    Answer.Queued queued() {
        return new Answer.Queued(refused, decision);
    }

    HoldInfo info(int part, LockTime time) {
        Claim claim = ask.claims().get(part);
        return new HoldInfo(
                ask.holdId(part),
                claim.path(),
                claim.terms().mode(),
                claim.terms().scope(),
                claim.terms().access(),
                claim.extent(),
                claim.terms().kept(),
                ask.owner(),
                0,
                time.now().minusNanos(time.nanoTime() - sinceNanos),
                null,
                claim.terms().slots());
    }
}
