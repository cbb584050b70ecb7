package dev.objectlock.engine;

import dev.objectlock.AsyncObjectLocks;
import dev.objectlock.Attempt;
import dev.objectlock.Hold;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.Released;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers the door without holding a thread. */
final class AsyncDoor implements AsyncObjectLocks {

    private final Engine engine;

    AsyncDoor(Engine engine) {
        this.engine = engine;
    }

    @Override
    public CompletableFuture<Hold> acquire(LockRequest request) {
        return take(request, Waiting.of(request), taken -> {
            if (taken instanceof Acquisition.NotHeld not) {
                throw not.error();
            }
            return Engine.handle(taken);
        });
    }

    @Override
    public CompletableFuture<Attempt> tryAcquire(LockRequest request) {
        return take(
                request,
                Waiting.ofAttempt(request),
                taken -> taken instanceof Acquisition.NotHeld not
                        ? not.refused()
                        : new Attempt.Granted(Engine.handle(taken)));
    }

    private <T> CompletableFuture<T> take(LockRequest request, Waiting waiting, Function<Taken, T> result) {
        Binding binding = Binding.current().in(engine);
        if (Binding.current().isUnlocked()) {
            return CompletableFuture.completedFuture(result.apply(engine.exemptHold(request)));
        }
        Taking.Asking asking = request.isKept()
                ? engine.taking().tryKeepAsync(binding, Claims.of(request, true), waiting)
                : engine.taking().tryTakeAsync(binding, Claims.of(request, false), waiting);
        return deliver(asking, result);
    }

    /** Whoever let the request in must not have to run what follows; whoever gives up leaves the line or gives back. */
    private static <T> CompletableFuture<T> deliver(Taking.Asking asking, Function<Taken, T> result) {
        CompletableFuture<T> out = new CompletableFuture<>();
        boolean waits = !asking.taken().isDone();
        asking.taken().whenComplete((taken, failure) -> {
            Runnable tell = () -> {
                if (failure != null) {
                    out.completeExceptionally(cause(failure));
                    return;
                }
                try {
                    if (!out.complete(result.apply(taken))) {
                        giveBack(taken);
                    }
                } catch (RuntimeException | Error refused) {
                    out.completeExceptionally(refused);
                }
            };
            if (waits) {
                ForkJoinPool.commonPool().execute(tell);
            } else {
                tell.run();
            }
        });
        out.whenComplete((value, failure) -> {
            if (!asking.taken().isDone()) {
                asking.giveUp().run();
            }
        });
        return out;
    }

    private static void giveBack(Taken taken) {
        if (taken instanceof KeptHandle kept) {
            kept.undo();
        } else if (!(taken instanceof Acquisition.NotHeld)) {
            Engine.handle(taken).close();
        }
    }

    @Override
    public <T extends @Nullable Object> CompletableFuture<T> call(
            LockRequest request, Function<? super Hold, ? extends CompletionStage<T>> body) {
        Binding binding = Binding.current();
        Binding own = binding.in(engine);
        if (binding.isUnlocked()) {
            return body.apply(engine.exemptHold(request)).toCompletableFuture();
        }
        Visit visit = Visit.begin(binding, engine);
        Taking.AsyncTake take = engine.taking().takeAsync(own, Claims.ofCall(request), Waiting.of(request));
        boolean waits = !take.hold().isDone();
        CompletableFuture<T> out = new CompletableFuture<>();
        take.hold().whenComplete((hold, failure) -> {
            Runnable go = () -> begin(own, binding, request, hold, failure, body, out);
            if (waits) {
                ForkJoinPool.commonPool().execute(go);
            } else {
                go.run();
            }
        });
        out.whenComplete((value, failure) -> take.giveUp().run());
        return visit == null ? out : inside(visit, out);
    }

    /** The transaction around it is not idle until it is over, and is left before its caller hears of that. */
    private static <T extends @Nullable Object> CompletableFuture<T> inside(Visit visit, CompletableFuture<T> work) {
        CompletableFuture<T> out = new CompletableFuture<>();
        Stages.after(work, out, () -> visit.end(null), failure -> {
            visit.end(failure);
            return failure;
        });
        return out;
    }

    private static <T extends @Nullable Object> void begin(
            Binding binding,
            Binding caller,
            LockRequest request,
            @Nullable CallHold hold,
            @Nullable Throwable refused,
            Function<? super Hold, ? extends CompletionStage<T>> body,
            CompletableFuture<T> out) {
        if (hold == null) {
            out.completeExceptionally(refused == null ? new IllegalStateException() : cause(refused));
            return;
        }
        if (out.isDone()) {
            hold.endAfterFailure(request.isKept(), new CancellationException());
            return;
        }
        CompletionStage<T> work;
        try {
            work = binding.inSameFlow(hold, caller, () -> body.apply(hold.asCurrent()));
        } catch (RuntimeException | Error failed) {
            hold.endAfterFailure(request.isKept(), failed);
            out.completeExceptionally(failed);
            return;
        }
        try {
            Stages.after(work, out, () -> hold.endAfterReturn(request.isKept()), failure -> {
                hold.endAfterFailure(request.isKept(), failure);
                return failure;
            });
        } catch (RuntimeException | Error hostile) {
            out.completeExceptionally(hostile);
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    @Override
    public CompletableFuture<Released> release(LockPath path) {
        return Stages.awayFromStore(engine.releaseAsync(path));
    }
}
