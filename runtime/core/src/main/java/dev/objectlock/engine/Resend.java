package dev.objectlock.engine;

import dev.objectlock.LockBackendException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Sends once more what may have been carried out although no answer came: every request can be repeated without harm. */
final class Resend {

    private Resend() {}

    static <T> CompletionStage<T> once(Supplier<CompletionStage<T>> request) {
        CompletionStage<T> first = request.get();
        if (first instanceof CompletableFuture<T> done && done.isDone() && !done.isCompletedExceptionally()) {
            return first;
        }
        return first.exceptionallyCompose(
                failure -> isOutcomeUnknown(failure) ? request.get() : CompletableFuture.failedStage(failure));
    }

    static boolean isOutcomeUnknown(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof LockBackendException backend && !backend.isOutcomeKnown();
    }
}
