package dev.objectlock.engine;

import dev.objectlock.LockBusyException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockInterruptedException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockTime.Alarm;
import dev.objectlock.LockTimeoutException;
import dev.objectlock.Refused;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a request is sent and waited for.
 *
 * <p>Whoever gives up leaves the line first and then looks whether the decision came before: so a request is either
 * granted and held by its caller, or gone.
 */
final class Acquisition {

    private final Engine engine;

    Acquisition(Engine engine) {
        this.engine = engine;
    }

    /** How a request ended: granted, or not and why. */
    sealed interface Outcome {}

    /** It is held. */
    record Held(Answer.Granted granted) implements Outcome {}

    /**
     * It is not held, and not waiting.
     *
     * @param refused who is in the way
     * @param waited how long it waited, or null if it did not
     */
    record NotHeld(Refused refused, @Nullable Duration waited) implements Outcome, Taken {

        LockBusyException error() {
            return waited == null ? LockBusyException.of(refused) : new LockTimeoutException(refused, waited);
        }
    }

    /** Sends a request, and waits as long as it says. */
    Outcome send(Ask ask, Waiting waiting, @Nullable Session session) {
        Answer answer = engine.await(engine.process().ask(ask));
        if (answer instanceof Answer.Queued queued) {
            return inLine(ask, queued, waiting, session);
        }
        return outcome(ask, answer, session, null);
    }

    /**
     * A request for work that holds no thread.
     *
     * @param outcome how it ended
     * @param giveUp leaves the line, if it has not been decided
     */
    record Sent(CompletableFuture<Outcome> outcome, Runnable giveUp) {}

    /** Sends a request for work that does not hold a thread. */
    Sent sendAsync(Ask ask, Waiting waiting, @Nullable Session session) {
        CompletableFuture<Decided> decision = new CompletableFuture<>();
        CompletableFuture<Outcome> outcome = engine.process()
                .ask(ask)
                .thenCompose(answer -> {
                    if (answer instanceof Answer.Queued queued) {
                        decide(decision, ask, queued, waiting, session);
                        return decision.thenApply(decided -> decided(ask, decided, session));
                    }
                    return CompletableFuture.completedFuture(outcome(ask, answer, session, null));
                })
                .toCompletableFuture();
        return new Sent(outcome, () -> giveUp(ask, decision));
    }

    private void giveUp(Ask ask, CompletableFuture<Decided> decision) {
        engine.process()
                .withdraw(ask)
                .thenAccept(gone -> gone.ifPresent(refused -> decision.complete(new Decided(refused, true))));
    }

    private Outcome inLine(Ask ask, Answer.Queued queued, Waiting waiting, @Nullable Session session) {
        CompletableFuture<Decided> decision = new CompletableFuture<>();
        decide(decision, ask, queued, waiting, session);
        try {
            return decided(ask, decision.get(), session);
        } catch (InterruptedException interrupted) {
            giveUp(ask, decision);
            Decided decided = engine.await(decision);
            Thread.currentThread().interrupt();
            if (decided.answer instanceof Answer.Granted granted) {
                if (granted.kept().stream().anyMatch(kept -> !kept.created())) {
                    return decided(ask, decided, session);
                }
                giveBack(ask, granted);
            }
            throw new LockInterruptedException(
                    "interrupted while waiting: "
                            + refused(ask, queued.refused()).describe(),
                    interrupted);
        } catch (ExecutionException failed) {
            throw Engine.unwrap(failed);
        }
    }

    /** The answer of the store, or that the time was over first. */
    private record Decided(Answer answer, boolean gaveUp) {}

    /** Has a decision completed by whatever comes first: the store, the end of the time, or the end of the session. */
    private void decide(
            CompletableFuture<Decided> decision,
            Ask ask,
            Answer.Queued queued,
            Waiting waiting,
            @Nullable Session session) {
        Runnable giveUp = () -> giveUp(ask, decision);
        // The time counts from before the request was sent, and may have passed while the store was asked.
        Alarm alarm = engine.time().schedule(waiting.longest().minusNanos(sinceAsked(ask)), giveUp);
        decision.whenComplete((decided, failure) -> alarm.cancel());
        queued.decision().whenComplete((answer, failure) -> {
            if (failure == null) {
                decision.complete(new Decided(answer, false));
            } else {
                decision.completeExceptionally(failure);
            }
        });
        if (sinceAsked(ask) >= waiting.longest().toNanos()) {
            giveUp.run();
        }
        if (session != null && !session.isOpen()) {
            // It ended before the store knew of this request: leave, unless it was decided in between.
            giveUp.run();
        }
    }

    private long sinceAsked(Ask ask) {
        return engine.time().nanoTime() - ask.askedAt();
    }

    private Outcome decided(Ask ask, Decided decided, @Nullable Session session) {
        if (decided.answer instanceof Answer.Granted granted && session != null && !session.isOpen()) {
            giveBack(ask, granted);
            throw session.over();
        }
        Duration waited = decided.gaveUp ? Duration.ofNanos(sinceAsked(ask)) : null;
        return outcome(ask, decided.answer, session, waited);
    }

    private Outcome outcome(Ask ask, Answer answer, @Nullable Session session, @Nullable Duration waited) {
        if (answer instanceof Answer.Granted granted) {
            if (session != null && !granted.kept().isEmpty() && !session.isOpen()) {
                // The session ended while the store was asked, and did not see these holds.
                giveBack(ask, granted);
                throw session.over();
            }
            return new Held(granted);
        }
        if (answer instanceof Answer.Refused refused && (session == null || session.isOpen() || waited == null)) {
            return new NotHeld(refused(ask, refused), waited);
        }
        if (session != null && !session.isOpen()) {
            throw session.over();
        }
        throw new LockConfigurationException(engine + " was closed while a request for "
                + ask.claims().get(0).path() + " was waiting");
    }

    private void giveBack(Ask ask, Answer.Granted granted) {
        engine.await(engine.process().giveBack(ask));
        engine.giveBackCreated(granted.kept());
    }

    Refused refused(Ask ask, Answer.Refused answer) {
        Claim claim = ask.claims().get(answer.claim());
        LockOwner asker = ask.owner();
        return new Refused(claim.path(), claim.terms().mode(), asker, answer.blocker(), answer.position());
    }
}
