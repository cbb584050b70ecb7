package dev.objectlock.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;

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

    private static final long SEED = Long.getLong("objectlock.seed", 1);

    @Test
    void nobodyComesInWhomAHoldShutsOutWhateverBreaks() {
        Report report = run(Store.REDIS, 3, faults -> Plan.until(OPERATIONS, faults));
        assertThat(report.problems()).isEmpty();
        assertThat(report.of(Count.STALE_WRITES)).isPositive();
        assertThat(report.of(Count.LOSSES_TOLD)).isPositive();
        assertThat(report.of(Count.DEATHS)).isPositive();
        assertThat(report.of(Count.ERRORS_KNOWN) + report.of(Count.ERRORS_UNKNOWN))
                .isPositive();
    }

    @Test
    void aStoreThatGrantsByItselfIsFound() {
        Report report = run(Store.GRANTS_BY_ITSELF, 2, faults -> faults.work(500));
        assertThat(report.of(Count.OVERLAPS_UNFENCED)).isPositive();
    }

    @Test
    void aLossThatIsHiddenIsFound() {
        Report report = run(Store.HIDES_LOSSES, 2, faults -> faults.pauseInside(faults.someone()));
        assertThat(report.of(Count.SILENT_LOSSES)).isPositive();
    }

    @Test
    void processesThatShareNoStoreAreFound() {
        Report report = run(Store.MEMORY, 2, faults -> faults.work(500));
        assertThat(report.of(Count.OVERLAPS_UNFENCED)).isPositive();
    }

    private static Report run(Store store, int workers, Consumer<Faults> plan) {
        Report report =
                FaultRun.of(new RunSettings(store, workers, 3, Plan.PROCESS_TIMEOUT, Plan.REPLY_TIMEOUT, SEED), plan);
        LOG.info("fault run over {}{}{}", store, System.lineSeparator(), report);
        return report;
    }
}
