package dev.objectlock.weave;

import java.util.Objects;
import java.util.concurrent.Flow;

/** A publisher each subscription of which is locked work, until it ends, fails or is cancelled. */
final class LockedPublisher<T> implements Flow.Publisher<T> {

    private final Flow.Publisher<T> source;
    private final LockedWork work;

    LockedPublisher(Flow.Publisher<T> source, LockedWork work) {
        this.source = source;
        this.work = work;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        new LockedSubscription<T>(source, subscriber).start(work);
    }
}
