package dev.objectlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LockPathTest {

    @Test
    void knowsItsParts() {
        LockPath arm = LockPath.parse("cell:7/robot/arm");
        assertThat(arm).isEqualTo(LockPath.of("cell:7", "robot", "arm")).hasToString("cell:7/robot/arm");
        assertThat(arm.root()).hasToString("cell:7");
        assertThat(arm.parent()).hasValue(LockPath.of("cell:7", "robot"));
        assertThat(arm.root().parent()).isEmpty();
        assertThat(arm.child("a/b")).hasToString("cell:7/robot/arm/a%2Fb");
        assertThat(arm.segments()).containsExactly("cell:7", "robot", "arm");
    }

    @Test
    void comparesWholeSegments() {
        LockPath arm = LockPath.parse("cell:1/arm");
        assertThat(arm.isAtOrAbove(arm)).isTrue();
        assertThat(arm.isAtOrAbove(LockPath.parse("cell:1/arm/joint"))).isTrue();
        assertThat(arm.isAtOrAbove(LockPath.parse("cell:1/arm2"))).isFalse();
        assertThat(arm.isAtOrAbove(LockPath.parse("cell:1"))).isFalse();
        assertThat(arm.root().isAtOrAbove(arm)).isTrue();
        assertThat(LockPath.of("cell:1").isAtOrAbove(LockPath.of("cell:12"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/a", "a/", "a//b", "a%", "a%2", "a%2f", "a/%41"})
    void refusesWhatIsNotAPath(String text) {
        assertThatThrownBy(() -> LockPath.parse(text)).isInstanceOf(LockConfigurationException.class);
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThatThrownBy(() -> LockPath.of("a", "b".repeat(1023)))
                .isInstanceOf(LockConfigurationException.class)
                .hasMessageContaining("1025 bytes");
        assertThat(LockPath.of("a", "b".repeat(1022)).segments()).hasSize(2);
        assertThatThrownBy(() -> LockPath.of("ä".repeat(513))).hasMessageContaining("1026 bytes");
        LockPath deep = LockPath.of("a");
        for (int i = 1; i < 32; i++) {
            deep = deep.child("a");
        }
        LockPath deepest = deep;
        assertThatThrownBy(() -> deepest.child("a")).hasMessageContaining("33 segments");
    }

    @Test
    void refusesHalfACharacter() {
        assertThat(LockPath.of("😀").toString()).isEqualTo("😀");
        assertThatThrownBy(() -> LockPath.of("\uD83D")).hasMessageContaining("surrogate");
        assertThatThrownBy(() -> LockPath.of("\uDE00\uD83D")).hasMessageContaining("surrogate");
    }

    @Test
    void differentSegmentsNeverGiveTheSamePath() {
        Random random = new Random(42);
        String letters = "ab/%2F5.: ";
        Map<String, List<String>> seen = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            String[] segments = new String[1 + random.nextInt(3)];
            for (int s = 0; s < segments.length; s++) {
                StringBuilder segment = new StringBuilder();
                for (int c = random.nextInt(4); c >= 0; c--) {
                    segment.append(letters.charAt(random.nextInt(letters.length())));
                }
                segments[s] = segment.toString();
            }
            LockPath path = LockPath.of(segments[0], java.util.Arrays.copyOfRange(segments, 1, segments.length));
            assertThat(path.segments()).containsExactly(segments);
            assertThat(LockPath.parse(path.toString())).isEqualTo(path).hasSameHashCodeAs(path);
            List<String> before = seen.put(path.toString(), List.of(segments));
            assertThat(before == null || before.equals(List.of(segments))).isTrue();
        }
    }
}
