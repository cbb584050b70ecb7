package dev.objectlock.weave;

import dev.objectlock.LockLostException;
import dev.objectlock.OwnerContext;
import dev.objectlock.annotation.ReleaseOn;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.GuardAnswer;
import dev.objectlock.backend.HoldRef;
import dev.objectlock.engine.Binding;
import dev.objectlock.engine.CallHold;
import dev.objectlock.engine.Engine;
import dev.objectlock.engine.ScopedHold;
import dev.objectlock.engine.Taking.AsyncTake;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one call of a method has to check, take and give back for the work that its result stands for. The paths were worked
 * out when the method was called; everything else is done anew for each subscription, which holds no thread while it waits.
 * Immutable; thread-safe.
 */
public final class LockedWork {

    private final WovenMethod method;
    private final Engine engine;
    private final Binding caller;
    private final @Nullable ScopedHold around;
    private final @Nullable Object target;
    private final List<Guarding> guards;
    private final List<Claim> claims;
    private final List<Releasable> releases;

    /**
     * Creates work.
     *
     * @param around the hold of the call that the method was called in, or null
     */
    LockedWork(
            WovenMethod method,
            Engine engine,
            Binding caller,
            @Nullable ScopedHold around,
            @Nullable Object target,
            List<Guarding> guards,
            List<Claim> claims,
            List<Releasable> releases) {
        this.method = method;
        this.engine = engine;
        this.caller = caller.known();
        this.around = around != null && around.engine() == engine ? around : null;
        this.target = target;
        this.guards = guards;
        this.claims = claims;
        this.releases = releases;
    }

    /**
     * Returns whether what is granted ends without an answer from outside of this process. If not, whoever ends it may have to
     * wait for the store, and must not do that on a thread that others depend on.
     *
     * @return true if the store lives in this process
     */
    public boolean endsAtOnce() {
        return engine.settings().backend().processTimeout().isEmpty();
    }

    /**
     * Begins for one subscription: checks the guards, finds what is to be given back later, and asks for the locks. In this
     * order of preference it is done in the flow of the subscriber, in that of the call with a lock that the method was called
     * in, if that goes on and the result is no stream, or in a flow of its own for whoever called the method.
     *
     * @param fromSubscriber the {@linkplain Grant#context() context} of the locked work that the subscriber is a part of, or
     *     null. It is left aside if the method was called for somebody else
     * @return the request
     */
    public Request begin(@Nullable OwnerContext fromSubscriber) {
        Request request = new Request(this, binding(fromSubscriber));
        request.send();
        return request;
    }

    private Binding binding(@Nullable OwnerContext fromSubscriber) {
        if (fromSubscriber instanceof Binding outer && caller.mayGoOnIn(outer, engine)) {
            return outer.goingOn();
        }
        if (around != null && !method.result().isStream() && around.isOngoing()) {
            return caller.inside(around);
        }
        return caller.detached(engine);
    }

    /** A request for one subscription. Thread-safe. */
    public static final class Request {

        private final LockedWork work;
        private final Binding binding;
        private final WovenCall call;
        private final CompletableFuture<Grant> grant = new CompletableFuture<>();
        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable AsyncTake take;
        private @Nullable Grant granted;
        private boolean givenUp;

        private Request(LockedWork work, Binding binding) {
            this.work = work;
            this.binding = binding;
            this.call = WovenCall.ofSubscription(work.method, binding, work.engine);
        }

        /**
         * Returns what comes of it.
         *
         * @return completes with the grant, or fails with a {@link dev.objectlock.LockException}, or with a {@link
         *     CancellationException} after {@link #giveUp}. If it had to wait it completes on a thread of the common pool, never
         *     on that of whoever let it in
         */
        public CompletionStage<Grant> grant() {
            return grant;
        }

        /**
         * The subscriber does not want it any more. One that waits leaves the line and is never granted afterwards; what has
         * been granted, and has not ended, ends as {@linkplain Grant#cancelled() cancelled}.
         */
        public void giveUp() {
            AsyncTake asked;
            Grant early;
            lock.lock();
            try {
                givenUp = true;
                asked = take;
                early = granted;
            } finally {
                lock.unlock();
            }
            if (early != null) {
                early.cancelled();
            } else if (asked != null) {
                asked.giveUp().run();
            }
        }

        private void send() {
            CompletableFuture<@Nullable CallHold> taken = checked().thenCompose(ready -> take());
            if (taken.isDone()) {
                taken.whenComplete(this::decided);
            } else {
                // Whoever decided it, by a release or by the time, must not have to run this.
                taken.whenCompleteAsync(this::decided, ForkJoinPool.commonPool());
            }
        }

        /** Guards, and what is there to be given back when the work is over. */
        private CompletableFuture<Void> checked() {
            CompletableFuture<Void> ready = CompletableFuture.completedFuture(null);
            for (Guarding one : work.guards) {
                ready = ready.thenCompose(
                                before -> work.engine.taking().guardAsync(binding, one.claim(), one.require()))
                        .thenAccept(this::uses);
            }
            for (Releasable one : work.releases) {
                ready = ready.thenCompose(
                                before -> work.engine.taking().findKeptAsync(binding, one.path(), one.modes()))
                        .thenAccept(found -> releases(one.on(), found));
            }
            return ready;
        }

        private void uses(GuardAnswer.@Nullable Use use) {
            if (use != null) {
                call.uses(use);
            }
        }

        private void releases(ReleaseOn on, List<HoldRef> found) {
            if (!found.isEmpty()) {
                call.releases(on, found);
            }
        }

        private CompletableFuture<@Nullable CallHold> take() {
            if (work.claims.isEmpty()) {
                return CompletableFuture.completedFuture(null);
            }
            call.asks();
            AsyncTake asked = work.engine.taking().takeAsync(binding, work.claims, work.method.waiting());
            boolean late;
            lock.lock();
            try {
                take = asked;
                late = givenUp;
            } finally {
                lock.unlock();
            }
            if (late) {
                asked.giveUp().run();
            }
            return asked.hold().thenApply(hold -> hold);
        }

        private void decided(@Nullable CallHold taken, @Nullable Throwable refused) {
            if (refused != null) {
                fail(
                        refused instanceof CompletionException && refused.getCause() != null
                                ? refused.getCause()
                                : refused);
                return;
            }
            ScopedHold hold = taken instanceof ScopedHold scoped ? scoped : null;
            if (taken != null && hold == null) {
                call.proceeds(taken);
            }
            if (hold != null) {
                try {
                    call.granted(hold, work.claims, work.target);
                } catch (RuntimeException | Error notLetIn) {
                    grant.completeExceptionally(notLetIn);
                    return;
                }
            }
            Grant made = new Grant(call, hold, hold == null ? null : binding.inside(hold));
            boolean late;
            lock.lock();
            try {
                granted = made;
                late = givenUp;
            } finally {
                lock.unlock();
            }
            if (late) {
                made.cancelled();
                grant.completeExceptionally(new CancellationException("given up"));
            } else {
                grant.complete(made);
            }
        }

        private void fail(Throwable refused) {
            boolean wanted;
            lock.lock();
            try {
                wanted = !givenUp;
            } finally {
                lock.unlock();
            }
            Throwable told = wanted ? refused : new CancellationException("given up");
            call.refused(told);
            grant.completeExceptionally(told);
        }
    }

    /**
     * What one subscription was granted. It is ended once, by {@link #succeeded}, {@link #failed} or {@link #cancelled},
     * before the subscriber is told of the end; whichever comes first counts, and the others do nothing. Thread-safe.
     */
    public static final class Grant {

        private final WovenCall call;
        private final @Nullable ScopedHold hold;
        private final @Nullable Binding inside;
        private final AtomicBoolean over = new AtomicBoolean();
        private volatile Runnable stopListening = () -> {};

        private Grant(WovenCall call, @Nullable ScopedHold hold, @Nullable Binding inside) {
            this.call = call;
            this.hold = hold;
            this.inside = inside;
        }

        /**
         * Returns what the work is to be given along, for {@linkplain LockedWork#begin locked work inside it}: the same flow,
         * with this hold as the current one. To be passed on as it is, not to be used on a thread.
         *
         * @return null if nothing was taken
         */
        public @Nullable OwnerContext context() {
            return inside;
        }

        /**
         * Runs a part of the work on this thread in the flow of this grant, with its hold as the current one.
         *
         * @param part mostly the subscription to the source
         */
        public void run(Runnable part) {
            if (inside == null) {
                part.run();
            } else {
                inside.goingOn().run(part);
            }
        }

        /**
         * Has somebody told, once, when the hold is lost, until the grant ends.
         *
         * @param listener told on a thread of the engine's own, and then supposed to stop the work and to end this with {@link
         *     #failed}
         */
        public void whenLost(Consumer<LockLostException> listener) {
            ScopedHold held = hold;
            if (held == null) {
                return;
            }
            Runnable stop = held.whenLost(loss -> listener.accept(held.lostWhileRunning(loss)));
            stopListening = stop;
            if (over.get()) {
                stop.run();
            }
        }

        /**
         * The work has succeeded: gives back what is to be given back, and then the hold.
         *
         * @throws LockLostException if the hold was lost meanwhile: the subscriber is told that and not that it succeeded
         */
        public void succeeded() {
            if (isFirst()) {
                call.endAfterReturn();
            }
        }

        /**
         * The work has failed: gives the hold back, and what was taken to be kept and was not found.
         *
         * @param failure why
         * @return what the subscriber is told
         */
        public Throwable failed(Throwable failure) {
            return isFirst() ? call.endAfterFailure(failure) : failure;
        }

        /** The subscriber wants no more: as if the work had failed, with nobody to be told. */
        public void cancelled() {
            if (isFirst()) {
                call.endAfterFailure(new CancellationException("the subscription was cancelled"));
            }
        }

        private boolean isFirst() {
            boolean first = !over.getAndSet(true);
            if (first) {
                stopListening.run();
            }
            return first;
        }
    }
}
