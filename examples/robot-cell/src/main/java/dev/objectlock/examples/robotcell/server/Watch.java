package dev.objectlock.examples.robotcell.server;

import dev.objectlock.examples.robotcell.cell.Pose;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Sends the poses of a stream to a client. */
final class Watch implements Flow.Subscriber<Pose> {

    private final Outbox outbox;
    private final AtomicLong sent = new AtomicLong();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean ended;

    Watch(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
        subscription = begun;
        if (ended) {
            begun.cancel();
        } else {
            begun.request(1);
        }
    }

    @Override
    public void onNext(Pose pose) {
        Flow.Subscription running = subscription;
        if (!ended && running != null) {
            outbox.sendIfQuick(Wire.POSE + pose);
            sent.incrementAndGet();
            running.request(1);
        }
    }

    @Override
    public void onError(Throwable failure) {
        ended = true;
    }

    @Override
    public void onComplete() {
        ended = true;
    }

    /** Ends the stream and returns how many poses were sent. */
    long end() {
        ended = true;
        Flow.Subscription running = subscription;
        if (running != null) {
            running.cancel();
        }
        return sent.get();
    }
}
