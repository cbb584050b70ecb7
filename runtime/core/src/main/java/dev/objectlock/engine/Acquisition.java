package dev.objectlock.engine;

import dev.objectlock.LockBackendException;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockDeadlockException;
import dev.objectlock.LockException;
import dev.objectlock.LockInterruptedException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockTime;
import dev.objectlock.LockTime.Alarm;
import dev.objectlock.LockTimeoutException;
import dev.objectlock.Loss;
import dev.objectlock.Refused;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a request is sent and waited for.
 *
 * <p>Whoever gives up leaves the line first and then looks whether the decision came before: so a request is either
 * granted and held by its caller, or gone.
 */
final class Acquisition {

    /** If setting an alarm takes longer, it is set again. */
    private static final long LATE_NANOS = Duration.ofMillis(1).toNanos();

    private final Engine engine;

    Acquisition(Engine engine) {
        this.engine = engine;
    }

    /** How a request ended: granted, or not and why. */
    sealed interface Outcome {}

    /** It is held. */
    record Held(Answer.Granted granted) implements Outcome {}

    /** It is held, and all of it is scoped. */
    private static final Held SCOPED = new Held(Answer.SCOPED);

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

    /**
     * The store could not be reached, and it is certain that nothing was taken.
     *
     * @param ask the request
     * @param why what was tried and what came of it
     */
    record Unreachable(Ask ask, LockBackendException why) implements Outcome, Taken {}

    /**
     * Sends a request, and waits as long as it says.
     *
     * @param deadline when the wait is over, as {@code nanoTime}, where several requests share it
     */
    Outcome send(Ask ask, long deadline, @Nullable Session session) {
        while (true) {
            Membership asked = engine.membership();
            Answer answer;
            try {
                answer = engine.await(ask(ask, asked));
            } catch (LockBackendException failed) {
                return unreachable(ask, failed);
            }
            if (answer instanceof Answer.Queued queued) {
                Decided decided = inLine(ask, queued, deadline, session);
                if (!isGone(ask, decided.answer)) {
                    return decided(ask, decided, session);
                }
                answer = decided.answer;
            }
            if (!isGone(ask, answer)) {
                return outcome(ask, answer, session, false);
            }
            try {
                engine.rejoin(asked, Loss.Reason.PROCESS_DEAD);
            } catch (LockBackendException failed) {
                return unreachable(ask, notTaken(ask, failed));
            }
        }
    }

    /** The same of a request of which something has been granted before and is not certain to have been given back. */
    Unreachable partly(Unreachable out) {
        return new Unreachable(out.ask(), engine.outage().partly(out.ask(), out.why()));
    }

    private LockBackendException notTaken(Ask ask, LockBackendException why) {
        return engine.outage().of(ask, why) instanceof LockBackendException told ? told : why;
    }

    private static Unreachable unreachable(Ask ask, LockBackendException failed) {
        if (!failed.isOutcomeKnown()) {
            throw failed;
        }
        return new Unreachable(ask, failed);
    }

    private CompletionStage<Answer> ask(Ask ask, Membership membership) {
        if (membership.over() != null) {
            return CompletableFuture.completedFuture(new Answer.ProcessGone());
        }
        if (ask instanceof ScopedHold hold) {
            hold.askedBy(membership);
        }
        CompletionStage<Answer> answer = Resend.once(() -> membership.process().ask(ask));
        return answer instanceof CompletableFuture<Answer> done && done.isDone() && !done.isCompletedExceptionally()
                ? answer
                : answer.exceptionallyCompose(failure -> {
                    if (Resend.isOutcomeUnknown(failure)) {
                        // Nobody knows whether it was granted, and nobody is left who would give it back.
                        engine.returns().undo(ask);
                    }
                    return CompletableFuture.failedStage(engine.outage().of(ask, failure));
                });
    }

    /**
     * A request for work that holds no thread.
     *
     * @param outcome how it ended
     * @param giveUp leaves the line, if it has not been decided
     */
    record Sent(CompletableFuture<Outcome> outcome, Runnable giveUp) {}

    /** Sends a request for work that does not hold a thread. */
    Sent sendAsync(Ask ask, long deadline, @Nullable Session session) {
        Sending sending = new Sending(ask, deadline, session);
        return new Sent(sending.send(), sending::giveUp);
    }

    /** A request that may have to be sent again, and given up at any time. */
    private final class Sending {

        private final Ask ask;
        private final long deadline;
        private final @Nullable Session session;
        private volatile @Nullable CompletableFuture<Decided> decision;
        private volatile boolean givenUp;
        private volatile Membership asked = engine.membership();

        Sending(Ask ask, long deadline, @Nullable Session session) {
            this.ask = ask;
            this.deadline = deadline;
            this.session = session;
        }

        CompletableFuture<Outcome> send() {
            asked = engine.membership();
            return Stages.awayFromStore(ask(ask, asked)).handle(this::answered).thenCompose(Function.identity());
        }

        private CompletableFuture<Outcome> answered(@Nullable Answer answer, @Nullable Throwable failure) {
            if (failure != null) {
                return failed(failure);
            }
            return answer instanceof Answer.Queued queued ? inLine(queued) : known(Objects.requireNonNull(answer));
        }

        private CompletableFuture<Outcome> failedToJoin(Throwable failure) {
            return Stages.unwrap(failure) instanceof LockBackendException why
                    ? failed(notTaken(ask, why))
                    : failed(failure);
        }

        private CompletableFuture<Outcome> failed(Throwable failure) {
            return Stages.unwrap(failure) instanceof LockBackendException failed
                    ? CompletableFuture.completedFuture(unreachable(ask, failed))
                    : CompletableFuture.failedFuture(failure);
        }

        private CompletableFuture<Outcome> inLine(Answer.Queued queued) {
            CompletableFuture<Decided> awaited = new CompletableFuture<>();
            decision = awaited;
            Deadlocks.Wait wait = decide(awaited, ask, queued, deadline, session);
            awaited.whenComplete((decided, failure) -> engine.deadlocks().ends(wait));
            if (givenUp) {
                giveUp();
            }
            return told(ask, awaited)
                    .thenCompose(decided -> isGone(ask, decided.answer)
                            ? known(decided.answer)
                            : CompletableFuture.completedFuture(decided(ask, decided, session)));
        }

        private CompletableFuture<Outcome> known(Answer answer) {
            if (isGone(ask, answer)) {
                // To join anew waits for the store, whose thread this may be.
                return engine.rejoinElsewhere(asked, Loss.Reason.PROCESS_DEAD)
                        .handle((joined, failure) -> failure == null ? send() : failedToJoin(failure))
                        .thenCompose(Function.identity());
            }
            return CompletableFuture.completedFuture(outcome(ask, answer, session, false));
        }

        void giveUp() {
            givenUp = true;
            CompletableFuture<Decided> awaited = decision;
            if (awaited != null) {
                Acquisition.this.giveUp(ask, awaited);
            }
        }
    }

    private void giveUp(Ask ask, CompletableFuture<Decided> decision) {
        leaveLine(ask, decision, refused -> decision.complete(new Decided(refused, true)));
    }

    private void fail(Ask ask, CompletableFuture<Decided> decision, LockDeadlockException deadlock) {
        leaveLine(ask, decision, refused -> decision.completeExceptionally(deadlock));
    }

    private void leaveLine(Ask ask, CompletableFuture<Decided> decision, Consumer<Answer.Refused> left) {
        Resend.once(() -> engine.process().withdraw(ask)).whenComplete((gone, failure) -> {
            if (failure == null) {
                gone.ifPresent(left);
            } else {
                decision.completeExceptionally(failure);
            }
        });
    }

    /** If the store could not tell the decision, the request is undone before anybody is told. */
    private CompletableFuture<Decided> told(Ask ask, CompletableFuture<Decided> decision) {
        return decision.exceptionallyCompose(failure -> {
            CompletableFuture<Decided> failed =
                    CompletableFuture.failedFuture(engine.outage().inLine(ask, failure));
            return failure instanceof LockDeadlockException
                    ? failed
                    : engine.returns().undo(ask).thenCompose(done -> failed);
        });
    }

    private Decided inLine(Ask ask, Answer.Queued queued, long deadline, @Nullable Session session) {
        CompletableFuture<Decided> decision = new CompletableFuture<>();
        Deadlocks.Wait wait = decide(decision, ask, queued, deadline, session);
        CompletableFuture<Decided> told = told(ask, decision);
        try {
            return told.get();
        } catch (InterruptedException interrupted) {
            giveUp(ask, decision);
            Decided decided;
            try {
                decided = engine.await(told);
            } finally {
                Thread.currentThread().interrupt();
            }
            if (decided.answer instanceof Answer.Granted granted) {
                if (granted.kept().stream().anyMatch(kept -> !kept.created())) {
                    return decided;
                }
                engine.await(engine.returns().undo(ask));
            }
            throw new LockInterruptedException(
                    "interrupted while waiting: "
                            + refused(ask, queued.refused()).describe(),
                    interrupted);
        } catch (ExecutionException failed) {
            throw Stages.unwrap(failed);
        } finally {
            engine.deadlocks().ends(wait);
        }
    }

    /** The answer of the store, or that the time was over first. */
    private record Decided(Answer answer, boolean gaveUp) {}

    /** Has a decision completed by whatever comes first: the store, the end of the time, or the end of the session. */
    private Deadlocks.Wait decide(
            CompletableFuture<Decided> decision,
            Ask ask,
            Answer.Queued queued,
            long deadline,
            @Nullable Session session) {
        Runnable giveUp = () -> giveUp(ask, decision);
        Alarm alarm = alarmAt(deadline, giveUp);
        decision.whenComplete((decided, failure) -> alarm.cancel());
        queued.decision().whenComplete((answer, failure) -> {
            if (failure == null) {
                decision.complete(new Decided(answer, false));
            } else {
                decision.completeExceptionally(failure);
            }
        });
        Deadlocks.Wait wait = engine.deadlocks().begins(ask, deadlock -> fail(ask, decision, deadlock));
        // The time counts from before the request was sent, and may have passed while the store was asked.
        if (deadline - engine.time().nanoTime() <= 0) {
            giveUp.run();
        }
        if (session != null && !session.isOpen()) {
            // It ended before the store knew of this request: leave, unless it was decided in between.
            giveUp.run();
        }
        return wait;
    }

    /** Others see that somebody waits before this is set: a machine that stands still meanwhile, or a test, must not make it late. */
    private Alarm alarmAt(long deadline, Runnable ring) {
        LockTime time = engine.time();
        while (true) {
            long now = time.nanoTime();
            Alarm alarm = time.schedule(Duration.ofNanos(Math.max(0, deadline - now)), ring);
            if (time.nanoTime() - now < LATE_NANOS) {
                return alarm;
            }
            alarm.cancel();
        }
    }

    /**
     * Whether the membership that asked has ended. It may have been granted something just before, or have heard of it too late: the
     * store has nothing of that any more when there is another membership.
     */
    private static boolean isGone(Ask ask, Answer answer) {
        return answer instanceof Answer.ProcessGone
                || answer instanceof Answer.Granted granted
                        && granted.kept().isEmpty()
                        && ask instanceof ScopedHold hold
                        && hold.membership().over() != null;
    }

    private Outcome decided(Ask ask, Decided decided, @Nullable Session session) {
        if (decided.answer instanceof Answer.Granted && session != null && !session.isOpen()) {
            engine.await(engine.returns().undo(ask));
            throw session.hasEnded();
        }
        return outcome(ask, decided.answer, session, decided.gaveUp);
    }

    private Outcome outcome(Ask ask, Answer answer, @Nullable Session session, boolean gaveUp) {
        if (answer instanceof Answer.Granted granted) {
            Membership asked = ask instanceof ScopedHold hold ? hold.membership() : null;
            if (asked != null && asked.over() != null) {
                // It came too late: nothing of that membership is held any more, and what it kept is given back.
                engine.returns().undo(ask);
                throw notTaken(
                        ask,
                        new LockBackendException(
                                "it was granted when this process had been taken for dead already", false, null));
            }
            if (granted.kept().isEmpty()) {
                return SCOPED;
            }
            if (session != null && !session.isOpen()) {
                // The session ended while the store was asked, and did not see these holds.
                engine.await(engine.returns().undo(ask));
                throw session.hasEnded();
            }
            return new Held(granted);
        }
        if (answer instanceof Answer.Refused refused && (session == null || session.isOpen() || !gaveUp)) {
            Duration waited = gaveUp ? Duration.ofNanos(engine.time().nanoTime() - ask.askedAt()) : null;
            return new NotHeld(refused(ask, refused), waited);
        }
        throw failure(ask, answer, session);
    }

    private LockException failure(Ask ask, Answer answer, @Nullable Session session) {
        Claim first = ask.claims().get(0);
        if (answer instanceof Answer.ObjectRemoved removed) {
            return new LockNotHeldException(first.terms().mode() + " lock on " + first.path() + " for "
                    + ask.owner().name() + " is not granted any more: " + removed.path() + " was removed by "
                    + removed.by().name());
        }
        if (answer instanceof Answer.SlotsDiffer differ) {
            Claim claim = ask.claims().get(differ.claim());
            return new LockConfigurationException("the counting lock on " + claim.path() + " has " + differ.slots()
                    + " slots, and this request says " + claim.terms().slots()
                    + "; use one number, or wait until no hold and no waiter is left");
        }
        if (session != null && !session.isOpen()) {
            return session.hasEnded();
        }
        if (answer instanceof Answer.ClientEnded) {
            return Session.hasEnded(ask.owner());
        }
        return new LockConfigurationException(
                engine + " was closed while a request for " + first.path() + " was waiting");
    }

    Refused refused(Ask ask, Answer.Refused answer) {
        Claim claim = ask.claims().get(answer.claim());
        LockOwner asker = ask.owner();
        return new Refused(claim.path(), claim.terms().mode(), asker, answer.blocker(), answer.position());
    }

    /** What a check would have to throw, if it is not a matter of who is in the way. */
    LockException failure(Ask ask, Answer answer) {
        return failure(ask, answer, null);
    }
}
