package dev.objectlock.testkit.model;

import dev.objectlock.Hold;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A request to the library, which holds no thread. */
final class RealRequest {

    final Wanted wanted;

    /** Completes with the hold, or with the error. */
    final CompletableFuture<Hold> granted;

    /** The work of a call, which goes on until a later operation ends it. */
    final CompletableFuture<@Nullable Void> work = new CompletableFuture<>();

    /** The result of a call; else the same as what is granted. */
    final CompletableFuture<?> result;

    private RealRequest(ObjectLocks locks, LockRequest request, Wanted wanted) {
        this.wanted = wanted;
        if (wanted.call()) {
            granted = new CompletableFuture<>();
            result = locks.async().call(request, this::entered);
            result.whenComplete((value, failure) -> {
                if (failure != null) {
                    granted.completeExceptionally(failure);
                }
            });
        } else {
            granted = locks.async().acquire(request);
            result = granted;
        }
    }

    private CompletionStage<@Nullable Void> entered(Hold hold) {
        granted.complete(hold);
        return work;
    }

    static RealRequest send(ObjectLocks locks, LockRequest request, Wanted wanted) {
        return new RealRequest(locks, request, wanted);
    }
}
