package dev.objectlock.examples.scoreeditor.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarsTest {

    @ParameterizedTest
    @CsvSource({"480, 4, 4, 1920", "480, 3, 4, 1440", "96, 6, 8, 288", "24, 2, 2, 96"})
    void aBarLastsAsTheTimeSignatureSays(int ticksPerQuarter, int beats, int unit, long ticks) {
        Meter meter = new Meter(ticksPerQuarter, beats, unit);

        assertThat(meter.ticksPerBar()).isEqualTo(ticks);
        assertThat(meter.startOf(1)).isZero();
        assertThat(meter.startOf(3)).isEqualTo(2 * ticks);
        assertThat(meter.barAt(2 * ticks - 1)).isEqualTo(2);
        assertThat(meter.barAt(2 * ticks)).isEqualTo(3);
        assertThat(meter.startOf(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void barsAreNamedAsMusiciansCountThem() {
        assertThat(Bars.of(5, 8)).hasToString("bars 5-8").isEqualTo(new Bars(5, 9));
        assertThat(Bars.of(12, 12)).hasToString("bar 12");
        assertThat(new Bars(9, Long.MAX_VALUE)).hasToString("bars 9-end");
    }

    @ParameterizedTest
    @CsvSource({"0, 4", "5, 4", "-1, -1"})
    void barsThatAreNoneAreRefused(long first, long last) {
        assertThatThrownBy(() -> Bars.of(first, last))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from " + first + " to " + last);
    }

    @ParameterizedTest
    @CsvSource({"480, 4, 3", "480, 0, 4", "1, 3, 8"})
    void aMeterThatIsNoneIsRefused(int ticksPerQuarter, int beats, int unit) {
        assertThatThrownBy(() -> new Meter(ticksPerQuarter, beats, unit)).isInstanceOf(IllegalArgumentException.class);
    }
}
