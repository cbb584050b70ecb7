package dev.objectlock.benchmarks.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What figures are made of. */
class FiguresTest {

    @TempDir
    private Path folder;

    @Test
    void aPercentileIsADurationThatWasMeasured() {
        Durations durations = new Durations();
        for (int i = 1; i <= 200; i++) {
            durations.add(i * 1_000L);
        }

        assertThat(durations.micros(0.5)).isEqualTo(100);
        assertThat(durations.micros(0.99)).isEqualTo(198);
        assertThat(new Durations().micros(0.5)).isNaN();
    }

    @Test
    void aHandOverIsFromTheReleaseInOneProcessToTheEntryInAnother() {
        List<Visit> visits =
                List.of(new Visit(2, 30, 40), new Visit(1, 10, 20), new Visit(2, 45, 50), new Visit(1, 57, 60));

        Durations between = Visit.handOvers(visits, 0, 100);

        assertThat(between.count()).isEqualTo(2);
        assertThat(between.micros(0.5)).isEqualTo(0.007);
        assertThat(between.micros(1)).isEqualTo(0.010);
    }

    @Test
    void onlyWhatIsReleasedInTheTimeThatIsMeasuredCounts() {
        List<Visit> visits = List.of(new Visit(1, 10, 20), new Visit(2, 30, 40), new Visit(1, 50, 60));

        assertThat(Visit.handOvers(visits, 0, 20).count()).isZero();
        assertThat(Visit.handOvers(visits, 20, 40).count()).isEqualTo(1);
        assertThat(Visit.handOvers(visits, 20, 41).count()).isEqualTo(2);
    }

    @Test
    void visitsAreReadAsTheyWereWritten() {
        List<Visit> visits = List.of(new Visit(1, -10, 20), new Visit(7, 30, 40));

        assertThat(Visit.readAll(Visit.writeAll(visits))).isEqualTo(visits);
        assertThat(Visit.readAll(Visit.writeAll(List.of()))).isEmpty();
    }

    @Test
    void theTurnstileSeesTwoWhoAreInside() {
        Turnstile one = Turnstile.at(folder.resolve("turnstile"));
        Turnstile other = Turnstile.at(folder.resolve("turnstile"));

        assertThat(one.enter()).isEqualTo(1);
        one.leave();
        assertThat(other.enter()).isEqualTo(2);
        assertThat(one.overlaps()).isZero();
        assertThat(one.enter()).isEqualTo(3);

        assertThat(other.overlaps()).isEqualTo(1);
        assertThat(other.turn()).isEqualTo(3);
    }
}
