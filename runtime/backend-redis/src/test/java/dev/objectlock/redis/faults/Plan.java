package dev.objectlock.redis.faults;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run suffers: first what must harm nobody, since the store is never without a sign of life for the process time-out;
 * then what must take holds away.
 */
final class Plan {

    private static final Logger LOG = LoggerFactory.getLogger(Plan.class);

    static final Duration PROCESS_TIMEOUT = Duration.ofSeconds(2);
    static final Duration REPLY_TIMEOUT = Duration.ofMillis(400);

    private static final Duration SHORT = PROCESS_TIMEOUT.dividedBy(5);
    private static final Duration DEADLY = PROCESS_TIMEOUT.multipliedBy(3).dividedBy(2);
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final List<Duration> DELAYS = List.of(Duration.ofMillis(5), Duration.ofMillis(50), Duration.ZERO);
    private static final int CUTS = 10;
    private static final int A_LITTLE = 60;
    private static final int MUCH = 5_000;

    private Plan() {}

    /** Everything once. */
    private static void once(Faults faults) {
        harmless().forEach(fault -> {
            fault.accept(faults);
            faults.work(A_LITTLE);
        });
        harmful().forEach(fault -> {
            fault.accept(faults);
            faults.work(A_LITTLE);
        });
    }

    /** Everything once, and then again, with an outage that nobody outlives, until the workers have begun so many operations. */
    static void until(long operations, Faults faults) {
        once(faults);
        while (faults.operations() < operations) {
            faults.restart(DEADLY);
            faults.work(MUCH);
            faults.swallowReplies(faults.someone(), DEADLY);
            faults.work(MUCH);
            once(faults);
            LOG.info("{} operations so far", faults.operations());
        }
    }

    private static List<Consumer<Faults>> harmless() {
        return List.of(
                Plan::cuts,
                Plan::delays,
                faults -> faults.restart(AT_ONCE),
                faults -> faults.swallowReplies(faults.someone(), SHORT),
                faults -> faults.restart(SHORT),
                faults -> faults.refuse(faults.someone(), SHORT),
                faults -> faults.freeze(SHORT));
    }

    private static List<Consumer<Faults>> harmful() {
        return List.of(
                faults -> faults.pauseInside(faults.someone()),
                faults -> faults.refuse(faults.someone(), DEADLY),
                Faults::restartEmpty);
    }

    private static void cuts(Faults faults) {
        for (int i = 0; i < CUTS; i++) {
            faults.cut(faults.someone());
            faults.work(A_LITTLE / CUTS);
        }
    }

    private static void delays(Faults faults) {
        WorkerProcess worker = faults.someone();
        DELAYS.forEach(more -> {
            faults.delay(worker, more);
            faults.work(A_LITTLE);
        });
    }
}
