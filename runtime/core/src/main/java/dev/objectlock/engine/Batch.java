package dev.objectlock.engine;

import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One request over whatever trees it touches: one after the other, in the order of the roots and with one time to wait. If
 * one is not to be had, those before it are given back.
 */
abstract class Batch {

    private final Acquisition acquisition;
    private final @Nullable Session session;
    private final long deadline;
    private final Iterator<List<Claim>> trees;
    private volatile Runnable giveUp = () -> {};
    private volatile boolean givenUp;

    /**
     * Begins one.
     *
     * @param deadline when the wait is over, as {@code nanoTime}
     */
    Batch(Acquisition acquisition, @Nullable Session session, List<Claim> claims, long deadline) {
        this.acquisition = acquisition;
        this.session = session;
        this.deadline = deadline;
        this.trees = Trees.split(claims).iterator();
    }

    /** Makes the request for one tree. */
    abstract Ask request(List<Claim> claims);

    /** One tree has been granted. Whatever fails from here on, it is among what is given back. */
    abstract void granted(Ask ask, Answer.Granted granted);

    /** All trees have been granted. */
    abstract Taken taken();

    /** Gives back what has been granted; returns whether that is done, and never fails. */
    abstract CompletionStage<Boolean> giveBack();

    /** Whether all is done. */
    static CompletionStage<Boolean> all(Stream<CompletionStage<Boolean>> parts) {
        return parts.reduce(
                CompletableFuture.completedFuture(true), (some, next) -> some.thenCombine(next, Boolean::logicalAnd));
    }

    /** Takes it on this thread. */
    final Taken take(Engine engine) {
        try {
            while (trees.hasNext()) {
                Ask ask = request(trees.next());
                Acquisition.Outcome outcome = acquisition.send(ask, deadline, session);
                if (outcome instanceof Acquisition.NotHeld not) {
                    engine.await(giveBack());
                    return not;
                }
                if (outcome instanceof Acquisition.Unreachable out) {
                    return withdrawn(out, engine.await(giveBack()));
                }
                granted(ask, ((Acquisition.Held) outcome).granted());
            }
            return taken();
        } catch (RuntimeException | Error failed) {
            engine.await(giveBack());
            throw failed;
        }
    }

    /** Nothing is taken if what had been granted before has been given back. */
    private Acquisition.Unreachable withdrawn(Acquisition.Unreachable out, boolean givenBack) {
        return givenBack ? out : acquisition.partly(out);
    }

    /** Takes it without holding a thread. */
    final CompletableFuture<Taken> takeAsync() {
        return CompletableFuture.completedFuture(this)
                .thenCompose(Batch::next)
                .handle(this::orGivenBack)
                .thenCompose(Function.identity());
    }

    private CompletableFuture<Taken> next() {
        if (!trees.hasNext()) {
            return CompletableFuture.completedFuture(taken());
        }
        Ask ask = request(trees.next());
        Acquisition.Sent sent = acquisition.sendAsync(ask, deadline, session);
        giveUp = sent.giveUp();
        if (givenUp) {
            giveUp.run();
        }
        return sent.outcome().thenCompose(outcome -> {
            if (outcome instanceof Acquisition.NotHeld not) {
                return CompletableFuture.completedFuture(not);
            }
            if (outcome instanceof Acquisition.Unreachable out) {
                return CompletableFuture.completedFuture(out);
            }
            granted(ask, ((Acquisition.Held) outcome).granted());
            return next();
        });
    }

    private CompletionStage<Taken> orGivenBack(@Nullable Taken taken, @Nullable Throwable failure) {
        if (taken instanceof Acquisition.Unreachable out) {
            return giveBack().thenApply(givenBack -> withdrawn(out, givenBack));
        }
        if (taken != null && !(taken instanceof Acquisition.NotHeld)) {
            return CompletableFuture.completedFuture(taken);
        }
        CompletableFuture<Taken> answer =
                failure == null ? CompletableFuture.completedFuture(taken) : CompletableFuture.failedFuture(failure);
        return giveBack().thenCompose(done -> answer);
    }

    /** Leaves the line, if the tree that it waits for has not been decided, and will wait in no other. */
    final void giveUp() {
        givenUp = true;
        giveUp.run();
    }
}
