package dev.objectlock.engine;

import dev.objectlock.LockBackendException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Work that is over when its stage is. */
public final class Stages {

    /** Whatever runs here may wait for the store. */
    private static final Executor ELSEWHERE = LossThreads.create();

    private Stages() {}

    /** Waits; failures come out as they are. */
    static <T> T await(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        try {
            return future.join();
        } catch (CompletionException failed) {
            throw unwrap(failed);
        }
    }

    /**
     * Goes on elsewhere with what a store has not answered yet: a thread of its connection, which completes the answer, must not
     * be blocked.
     */
    static <T> CompletableFuture<T> awayFromStore(CompletionStage<T> answer) {
        CompletableFuture<T> future = answer.toCompletableFuture();
        return future.isDone() ? future : future.whenCompleteAsync((value, failure) -> {}, ELSEWHERE);
    }

    /** Runs what may wait for the store. */
    static CompletableFuture<Void> elsewhere(Runnable work) {
        return CompletableFuture.runAsync(work, ELSEWHERE);
    }

    static RuntimeException unwrap(Throwable failed) {
        Throwable cause = failed;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException plain
                ? plain
                : new LockBackendException("the store failed: " + cause, false, cause);
    }

    /**
     * Ends something with a stage, once, and only then completes what the caller has. Whoever completes or cancels what they
     * were given completes or cancels the work.
     *
     * @param stage the work
     * @param out what the caller has
     * @param afterReturn what to do when the work has succeeded; if it throws, the caller's stage fails
     * @param afterFailure what to do when it has failed or was cancelled; returns what the caller's stage fails with
     * @param <T> what the work results in
     */
    public static <T extends @Nullable Object> void after(
            CompletionStage<T> stage,
            CompletableFuture<T> out,
            Runnable afterReturn,
            UnaryOperator<Throwable> afterFailure) {
        AtomicBoolean over = new AtomicBoolean();
        try {
            stage.whenComplete((value, failure) -> {
                if (!over.getAndSet(true)) {
                    over(value, failure, out, afterReturn, afterFailure);
                }
            });
        } catch (RuntimeException | Error hostile) {
            if (!over.getAndSet(true)) {
                throw rethrown(afterFailure.apply(hostile));
            }
            throw hostile;
        }
        out.whenComplete((value, failure) -> {
            if (stage instanceof CompletableFuture<T> work && !work.isDone()) {
                if (out.isCancelled()) {
                    work.cancel(true);
                } else if (failure != null) {
                    work.completeExceptionally(failure);
                } else {
                    work.complete(value);
                }
            } else if (out.isCancelled() && stage instanceof Future<?> running) {
                running.cancel(true);
            }
        });
    }

    private static <T extends @Nullable Object> void over(
            T value,
            @Nullable Throwable failure,
            CompletableFuture<T> out,
            Runnable afterReturn,
            UnaryOperator<Throwable> afterFailure) {
        Throwable thrown = failure;
        if (thrown != null) {
            thrown = afterFailure.apply(thrown);
        } else {
            try {
                afterReturn.run();
            } catch (RuntimeException | Error lost) {
                thrown = lost;
            }
        }
        if (thrown == null) {
            out.complete(value);
        } else {
            out.completeExceptionally(thrown);
        }
    }

    private static RuntimeException rethrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException plain ? plain : new CompletionException(failure);
    }
}
