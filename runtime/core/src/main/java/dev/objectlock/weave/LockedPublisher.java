package dev.objectlock.weave;

import dev.objectlock.LockLostException;
import dev.objectlock.LockPath;
import dev.objectlock.backend.Claim;
import dev.objectlock.engine.Binding;
import dev.objectlock.engine.ScopedHold;
import dev.objectlock.engine.Waiting;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A publisher each subscription of which holds a lock, as a flow of its own, until it ends, fails or is cancelled. */
final class LockedPublisher<T> implements Flow.Publisher<T> {

    private final Flow.Publisher<T> source;
    private final Binding caller;
    private final List<Claim> claims;
    private final Waiting waiting;

    LockedPublisher(Flow.Publisher<T> source, Binding caller, List<Claim> claims, Waiting waiting) {
        this.source = source;
        this.caller = caller;
        this.claims = claims;
        this.waiting = waiting;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Binding own = caller.detached();
        own.engine().taking().takeAsync(own, claims, waiting).whenComplete((hold, refused) -> {
            if (hold != null) {
                LockedSubscription<T> locked = new LockedSubscription<>(subscriber, hold);
                own.engine().taking().whenLost(hold, locked::lost);
                source.subscribe(locked);
            } else {
                subscriber.onSubscribe(new Nothing());
                subscriber.onError(
                        refused instanceof CompletionException && refused.getCause() != null
                                ? refused.getCause()
                                : refused);
            }
        });
    }

    /** The subscription of one who gets nothing but an error. */
    private static final class Nothing implements Flow.Subscription {
        @Override
        public void request(long n) {
            // Nothing will come.
        }

        @Override
        public void cancel() {
            // Nothing is going on.
        }
    }

    /** Passes everything on, and ends the hold once. */
    private static final class LockedSubscription<T> implements Flow.Subscriber<T>, Flow.Subscription {

        private final Flow.Subscriber<? super T> subscriber;
        private final ScopedHold hold;
        private final AtomicBoolean over = new AtomicBoolean();
        private volatile Flow.@Nullable Subscription source;

        LockedSubscription(Flow.Subscriber<? super T> subscriber, ScopedHold hold) {
            this.subscriber = subscriber;
            this.hold = hold;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            source = subscription;
            subscriber.onSubscribe(this);
        }

        @Override
        public void onNext(T item) {
            if (!over.get()) {
                subscriber.onNext(item);
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (end()) {
                subscriber.onError(failure);
            }
        }

        @Override
        public void onComplete() {
            if (end()) {
                subscriber.onComplete();
            }
        }

        @Override
        public void request(long n) {
            Flow.Subscription subscription = source;
            if (subscription != null) {
                subscription.request(n);
            }
        }

        @Override
        public void cancel() {
            end();
            Flow.Subscription subscription = source;
            if (subscription != null) {
                subscription.cancel();
            }
        }

        void lost(dev.objectlock.Loss loss) {
            if (end()) {
                Flow.Subscription subscription = source;
                if (subscription != null) {
                    subscription.cancel();
                }
                LockPath path = hold.claims().get(0).path();
                subscriber.onError(
                        new LockLostException("the lock on " + path + " was lost during a subscription", path, loss));
            }
        }

        private boolean end() {
            boolean first = !over.getAndSet(true);
            if (first) {
                hold.end();
            }
            return first;
        }
    }
}
