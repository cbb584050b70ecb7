package dev.objectlock.weave;

import dev.objectlock.backend.Claim;
import dev.objectlock.engine.Binding;
import dev.objectlock.engine.Waiting;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;

/** A publisher each subscription of which holds a lock, as a flow of its own, until it ends, fails or is cancelled. */
final class LockedPublisher<T> implements Flow.Publisher<T> {

    private final Flow.Publisher<T> source;
    private final Binding caller;
    private final List<Claim> claims;
    private final Waiting waiting;
    private final boolean keeps;

    LockedPublisher(Flow.Publisher<T> source, Binding caller, List<Claim> claims, Waiting waiting, boolean keeps) {
        this.source = source;
        this.caller = caller;
        this.claims = claims;
        this.waiting = waiting;
        this.keeps = keeps;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        new LockedSubscription<T>(source, subscriber, caller.detached(), keeps).start(claims, waiting);
    }
}
