package dev.objectlock.weave;

import dev.objectlock.LockLostException;
import dev.objectlock.LockPath;
import dev.objectlock.Loss;
import dev.objectlock.backend.Claim;
import dev.objectlock.engine.Binding;
import dev.objectlock.engine.CallHold;
import dev.objectlock.engine.Engine;
import dev.objectlock.engine.ScopedHold;
import dev.objectlock.engine.Taking.AsyncTake;
import dev.objectlock.engine.Waiting;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One subscription with its hold: asked for first, given back once.
 *
 * <p>The subscriber may cancel from the beginning, also while the lock is waited for. Signals are serial: they are given
 * under a lock of this subscription alone, which nobody waits for but its own source.
 */
final class LockedSubscription<T> implements Flow.Subscriber<T>, Flow.Subscription {

    private final Flow.Publisher<T> publisher;
    private final Flow.Subscriber<? super T> subscriber;
    private final Binding binding;
    private final Engine engine;
    private final boolean keeps;
    private final ReentrantLock signals = new ReentrantLock();
    private final ReentrantLock state = new ReentrantLock();

    private Flow.@Nullable Subscription source;
    private @Nullable AsyncTake take;
    private @Nullable CallHold hold;
    private long demand;
    private boolean over;
    private volatile @Nullable Throwable failure;

    LockedSubscription(
            Flow.Publisher<T> publisher, Flow.Subscriber<? super T> subscriber, Binding binding, boolean keeps) {
        this.publisher = publisher;
        this.subscriber = subscriber;
        this.binding = binding;
        this.engine = binding.engine();
        this.keeps = keeps;
    }

    void start(List<Claim> claims, Waiting waiting) {
        subscriber.onSubscribe(this);
        if (locked(() -> over)) {
            return;
        }
        AsyncTake asked = engine.taking().takeAsync(binding, claims, waiting);
        boolean cancelled = locked(() -> {
            take = asked;
            return over;
        });
        if (cancelled) {
            asked.giveUp().run();
        }
        CompletableFuture<CallHold> taken = asked.hold();
        if (taken.isDone()) {
            taken.whenComplete(this::decided);
        } else {
            // Whoever decided it, by a release or by the time, must not have to run this.
            taken.whenCompleteAsync(this::decided, ForkJoinPool.commonPool());
        }
    }

    private void decided(@Nullable CallHold granted, @Nullable Throwable refused) {
        if (granted == null) {
            Throwable why =
                    refused instanceof CompletionException && refused.getCause() != null ? refused.getCause() : refused;
            fail(why == null ? new CancellationException() : why);
            return;
        }
        boolean cancelled = locked(() -> {
            hold = over ? null : granted;
            return over;
        });
        if (cancelled) {
            granted.endAfterFailure(keeps, new CancellationException());
            return;
        }
        if (granted instanceof ScopedHold held) {
            engine.taking().whenLost(held, this::lost);
        }
        binding.run(() -> {
            try {
                publisher.subscribe(this);
            } catch (RuntimeException | Error hostile) {
                fail(hostile);
            }
        });
    }

    private void lost(Loss loss) {
        if (hold instanceof ScopedHold held) {
            LockPath path = held.claims().get(0).path();
            fail(new LockLostException("the lock on " + path + " was lost during a subscription", path, loss));
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        boolean[] cancelled = {false};
        long wanted = locked(() -> {
            source = subscription;
            cancelled[0] = over || failure != null;
            return demand;
        });
        if (cancelled[0]) {
            subscription.cancel();
        } else if (wanted > 0) {
            subscription.request(wanted);
        }
    }

    @Override
    public void onNext(T item) {
        signals.lock();
        try {
            if (!over && failure == null) {
                subscriber.onNext(item);
            }
        } catch (RuntimeException | Error broken) {
            cancel();
            throw broken;
        } finally {
            signals.unlock();
        }
        tellFailure();
    }

    @Override
    public void onError(Throwable thrown) {
        fail(thrown);
    }

    @Override
    public void onComplete() {
        signals.lock();
        try {
            CallHold held = finish();
            if (held != null) {
                try {
                    held.endAfterReturn(keeps);
                } catch (RuntimeException lost) {
                    subscriber.onError(lost);
                    return;
                }
                subscriber.onComplete();
            }
        } finally {
            signals.unlock();
        }
    }

    @Override
    public void request(long n) {
        Flow.Subscription now = locked(() -> {
            demand = Math.addExact(Math.min(demand, Long.MAX_VALUE - Math.max(n, 0)), Math.max(n, 0));
            return source;
        });
        if (now != null) {
            now.request(n);
        }
    }

    @Override
    public void cancel() {
        CallHold held = finish();
        Flow.Subscription now = locked(() -> source);
        if (now != null) {
            now.cancel();
        }
        if (held != null) {
            held.end();
        }
        AsyncTake asked = locked(() -> take);
        if (asked != null && held == null) {
            asked.giveUp().run();
        }
    }

    /** Ends it with an error, at once or, if a signal is being given, right after that. */
    private void fail(Throwable why) {
        boolean first = locked(() -> {
            boolean unset = failure == null && !over;
            failure = unset ? why : failure;
            return unset;
        });
        if (first) {
            Flow.Subscription now = locked(() -> source);
            if (now != null && why instanceof LockLostException) {
                now.cancel();
            }
            tellFailure();
        }
    }

    private void tellFailure() {
        Throwable why = failure;
        while (why != null && !over && signals.tryLock()) {
            try {
                if (!over) {
                    CallHold held = finish();
                    if (held != null) {
                        held.endAfterFailure(keeps, why);
                    }
                    subscriber.onError(why);
                }
            } finally {
                signals.unlock();
            }
        }
    }

    /** Marks the end; returns the hold the first time, if there is one. */
    private @Nullable CallHold finish() {
        return locked(() -> {
            CallHold held = over ? null : hold;
            over = true;
            return held;
        });
    }

    private <V extends @Nullable Object> V locked(java.util.function.Supplier<V> change) {
        state.lock();
        try {
            return change.get();
        } finally {
            state.unlock();
        }
    }
}
