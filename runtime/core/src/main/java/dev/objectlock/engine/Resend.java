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
        CompletionStage<T> first = send(request);
        if (first instanceof CompletableFuture<T> done && done.isDone() && !done.isCompletedExceptionally()) {
            return first;
        }
        return first.exceptionallyCompose(failure ->
                isOutcomeUnknown(failure) ? again(request, failure) : CompletableFuture.failedStage(failure));
    }

    /** That the second attempt did nothing for certain says nothing of the first. */
    private static <T> CompletionStage<T> again(Supplier<CompletionStage<T>> request, Throwable first) {
        return send(request).exceptionallyCompose(second -> {
            if (second != first && !isOutcomeUnknown(second)) {
                first.addSuppressed(second);
                return CompletableFuture.failedStage(first);
            }
            return CompletableFuture.failedStage(second);
        });
    }

    private static <T> CompletionStage<T> send(Supplier<CompletionStage<T>> request) {
        try {
            return request.get();
        } catch (RuntimeException failed) {
            return CompletableFuture.failedFuture(failed);
        }
    }

    static boolean isOutcomeUnknown(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof LockBackendException backend && !backend.isOutcomeKnown();
    }
}
