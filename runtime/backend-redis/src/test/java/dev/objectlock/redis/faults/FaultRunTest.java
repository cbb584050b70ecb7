package dev.objectlock.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Locks in Redis keep what they promise while everything else breaks; and a run sees it when they do not. */
@Tag("own-server")
class FaultRunTest {

    private static final Logger LOG = LoggerFactory.getLogger(FaultRunTest.class);

    /** None for the short form. README.md says what the long one is for. */
    private static final long OPERATIONS = Long.getLong("objectlock.fault-operations", 0);

    /** In which a planted fault shows. */
    private static final int A_LITTLE = 200;

    private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(1);

    private static final long SEED = Long.getLong("objectlock.seed", 1);

    @Test
    void nobodyComesInWhomAHoldShutsOutWhateverBreaks() {
        Report report = run(
                new RunSettings(Store.REDIS, 3, 3, Plan.PROCESS_TIMEOUT, Plan.REPLY_TIMEOUT, SEED),
                faults -> Plan.until(OPERATIONS, faults));
        assertThat(report.problems()).isEmpty();
        assertThat(report.of(Count.LOSSES_TOLD) + report.of(Count.ENDED_AS_LOST))
                .isPositive();
        assertThat(report.of(Count.DEATHS)).isPositive();
        assertThat(report.of(Count.ERRORS_KNOWN) + report.of(Count.ERRORS_UNKNOWN))
                .isPositive();
    }

    @Test
    void aStoreThatGrantsByItselfIsFound() {
        Report report = planted(Store.GRANTS_BY_ITSELF, faults -> faults.work(A_LITTLE));
        assertThat(report.of(Count.OVERLAPS_UNFENCED)).isPositive();
    }

    @Test
    void aLossThatIsHiddenIsFound() {
        Report report = planted(Store.HIDES_LOSSES, faults -> faults.pauseInside(faults.someone()));
        assertThat(report.of(Count.SILENT_LOSSES)).isPositive();
    }

    @Test
    void processesThatShareNoStoreAreFound() {
        Report report = planted(Store.MEMORY, faults -> faults.work(A_LITTLE));
        assertThat(report.of(Count.OVERLAPS_UNFENCED)).isPositive();
    }

    private static Report planted(Store store, Consumer<Faults> plan) {
        return run(new RunSettings(store, 2, 3, SHORT_TIMEOUT, SHORT_TIMEOUT.dividedBy(3), SEED), plan);
    }

    private static Report run(RunSettings settings, Consumer<Faults> plan) {
        Report report = FaultRun.of(settings, plan);
        LOG.info("fault run over {}{}{}", settings.store(), System.lineSeparator(), report);
        return report;
    }
}
