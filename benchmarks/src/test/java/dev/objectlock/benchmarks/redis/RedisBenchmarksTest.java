package dev.objectlock.benchmarks.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs everything for a moment, so that it does not rot. How long it takes is not looked at. */
@Tag("own-server")
class RedisBenchmarksTest {

    private static final Effort A_MOMENT = new Effort(
            1, Duration.ofMillis(10), Duration.ofMillis(100), Duration.ofMillis(50), Duration.ofMillis(100), 20);

    @TempDir
    private Path folder;

    @Test
    void everyPeerTakesAndGivesBackAndIsOnThePageOfResults() throws Exception {
        Report report = RedisBenchmarks.measure("this machine", A_MOMENT, List.of("contended"));

        assertThat(report.figures()).hasSize(Candidate.values().length).allSatisfy(figure -> assertThat(figure.count())
                .as(figure.toString())
                .isPositive());
        String page = RedisPage.of(report);
        for (Candidate peer : Candidate.values()) {
            assertThat(page).contains("| " + peer.label() + " | ");
        }
    }

    @Test
    void processesHandOverToEachOther() throws Exception {
        Report report = RedisBenchmarks.measure("this machine", A_MOMENT, List.of("handover2", "scripts", "monitor"));

        assertThat(report.figures()).hasSize(2).allSatisfy(figure -> {
            assertThat(figure.count()).as(figure.toString()).isPositive();
            assertThat(figure.p50()).as(figure.toString()).isPositive();
        });
        assertThat(RedisPage.tables(report)).contains("at most 3 round trips");
    }

    @Test
    void whatIsKeptAliveIsStillThere() throws Exception {
        Report report = RedisBenchmarks.measure("this machine", A_MOMENT, List.of("beat"));

        assertThat(report.beats()).extracting(Beats.Figure::peer).containsExactlyElementsOf(Beats.PEERS);
        assertThat(report.beats()).extracting(Beats.Figure::holds).containsOnly(20);
    }

    @Test
    void figuresAreReadAsTheyWereWritten() throws Exception {
        Path json = folder.resolve("redis.json");
        Figure figure = new Figure(Case.ONE_THREAD, Candidate.SCRIPTS, 3, 2, List.of(2.0), 1, 9, Double.NaN, 5);
        Report report = new Report(
                "m",
                "s",
                "l",
                "e",
                new Report.Micros(20, 30),
                new Report.Micros(40, 50),
                100,
                List.of(figure),
                List.of());

        report.write(json);

        assertThat(Report.read(json)).isEqualTo(report);
    }

    @Test
    void aWordThatIsNeitherACaseNorAPeerIsRefused() {
        assertThatThrownBy(() -> RedisBenchmarks.measure("m", A_MOMENT, List.of("redison")))
                .hasMessageContaining("\"redison\"")
                .hasMessageContaining("rlock");
    }
}
