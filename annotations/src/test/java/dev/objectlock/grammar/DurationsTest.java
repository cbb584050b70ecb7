package dev.objectlock.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "15s,PT15S", "1m,PT1M", "2h,PT2H", "1d,PT24H", "PT1M30S,PT1M30S", "0s,PT0S", " 3s ,PT3S"
    })
    void reads(String text, Duration expected) {
        assertThat(Durations.parse(text, "lease")).isEqualTo(expected);
        assertThat(Durations.parseWait(text, "waitFor")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"15", "s", "1.5s", "-1s", "PT-1S", "1w", "soon", "999999999999999d", "106752d"})
    void refusesWithTheAttributeAndAnExample(String text) {
        assertThatThrownBy(() -> Durations.parse(text, "lease"))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining("lease = \"" + text + "\"");
    }

    @Test
    void foreverIsAWaitAndNothingElse() {
        assertThat(Durations.parseWait("forever", "waitFor")).isEqualTo(Durations.FOREVER);
        assertThatThrownBy(() -> Durations.parse("forever", "lease")).hasMessageContaining("only meant for a wait");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.34S,340 ms",
        "PT12.34S,12.3 s",
        "PT12S,12 s",
        "PT4M5S,4 min 05 s",
        "PT4M,4 min",
        "PT3H20M,3 h 20 min",
        "PT50H,2 d 02 h",
        "PT-5S,0 ms"
    })
    void says(Duration duration, String text) {
        assertThat(Durations.say(duration)).isEqualTo(text);
    }
}
