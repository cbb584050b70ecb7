package dev.objectlock.weave;

import dev.objectlock.LockLostException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
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
    private final ReentrantLock signals = new ReentrantLock();
    private final ReentrantLock state = new ReentrantLock();

    private Flow.@Nullable Subscription source;
    private LockedWork.@Nullable Request request;
    private LockedWork.@Nullable Grant grant;
    private long demand;
    private boolean over;
    private volatile @Nullable Throwable failure;

    LockedSubscription(Flow.Publisher<T> publisher, Flow.Subscriber<? super T> subscriber) {
        this.publisher = publisher;
        this.subscriber = subscriber;
    }

    void start(LockedWork work) {
        subscriber.onSubscribe(this);
        if (locked(() -> over)) {
            return;
        }
        LockedWork.Request asked = work.begin(null);
        boolean cancelled = locked(() -> {
            request = asked;
            return over;
        });
        if (cancelled) {
            asked.giveUp();
        }
        asked.grant().whenComplete(this::decided);
    }

    private void decided(LockedWork.@Nullable Grant granted, @Nullable Throwable refused) {
        if (granted == null) {
            fail(refused == null ? new CancellationException() : refused);
            return;
        }
        boolean cancelled = locked(() -> {
            grant = over ? null : granted;
            return over;
        });
        if (cancelled) {
            granted.cancelled();
            return;
        }
        granted.whenLost(this::fail);
        granted.run(() -> {
            try {
                publisher.subscribe(this);
            } catch (RuntimeException | Error hostile) {
                fail(hostile);
            }
        });
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
            LockedWork.Grant held = finish();
            if (held != null) {
                try {
                    held.succeeded();
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
        LockedWork.Grant held = finish();
        Flow.Subscription now = locked(() -> source);
        if (now != null) {
            now.cancel();
        }
        if (held != null) {
            held.cancelled();
        }
        LockedWork.Request asked = locked(() -> request);
        if (asked != null && held == null) {
            asked.giveUp();
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
                    LockedWork.Grant held = finish();
                    subscriber.onError(held == null ? why : held.failed(why));
                }
            } finally {
                signals.unlock();
            }
        }
    }

    /** Marks the end; returns what was granted the first time, if anything was. */
    private LockedWork.@Nullable Grant finish() {
        return locked(() -> {
            LockedWork.Grant held = over ? null : grant;
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
