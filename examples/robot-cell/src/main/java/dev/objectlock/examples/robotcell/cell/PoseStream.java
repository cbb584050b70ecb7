package dev.objectlock.examples.robotcell.cell;

import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Tells all subscribers the pose, a hundred times a second. Who is slower than that misses some. */
final class PoseStream implements AutoCloseable {

    private static final long PERIOD_MILLIS = 10;

    private final SubmissionPublisher<Pose> publisher = new SubmissionPublisher<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "poses");
        thread.setDaemon(true);
        return thread;
    });

    PoseStream(Supplier<Pose> pose) {
        clock.scheduleAtFixedRate(
                () -> publisher.offer(pose.get(), null), PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    Flow.Publisher<Pose> publisher() {
        return publisher;
    }

    @Override
    public void close() {
        clock.shutdownNow();
        publisher.close();
    }
}
