package dev.objectlock.examples.jobslots;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.examples.jobslots.jobs.RenderFarm;
import dev.objectlock.examples.jobslots.ledger.Ledger;
import dev.objectlock.examples.jobslots.ledger.Report;
import dev.objectlock.examples.jobslots.play.Redis;
import dev.objectlock.examples.jobslots.play.Settings;
import dev.objectlock.examples.jobslots.play.WorkerProcess;
import dev.objectlock.examples.jobslots.worker.WorkerSettings;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ledger sees it when real workers are not kept apart. */
@Timeout(180)
@Tag("own-server")
class ViolationTest {

    private static final int THREADS = RenderFarm.SLOTS - 5;

    private final Ledger ledger = new Ledger(RenderFarm.SLOTS);
    private final CountDownLatch tooMany = new CountDownLatch(RenderFarm.SLOTS + 1);

    @Test
    void workersThatLookForTheirLocksInDifferentPlacesAreSeen() throws Exception {
        try (Redis redis = Redis.open()) {
            WorkerSettings settings = new WorkerSettings(
                    "A",
                    redis.uri(),
                    Settings.ownPrefix(),
                    "2026-01-05",
                    100,
                    THREADS,
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(3));
            try (WorkerProcess a = WorkerProcess.start(settings, this::hear);
                    WorkerProcess b =
                            WorkerProcess.start(settings.named("B").prefixed(Settings.ownPrefix()), this::hear)) {
                tooMany.await();
                a.kill();
                b.kill();
            }
        }
        assertThat(ledger.violations())
                .anySatisfy(slots -> assertThat(slots).startsWith("21 slots of 20 are in use"))
                .anySatisfy(twice -> assertThat(twice).contains("begins while another goes on"));
    }

    private void hear(String worker, Report report) {
        ledger.hear(worker, report);
        if (report instanceof Report.Begins) {
            tooMany.countDown();
        }
    }
}
