package dev.objectlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.grammar.PathTemplate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * A path is its list of segments, and nothing else. The seed of what breaks this is in the failure; {@code
 * -Dobjectlock.fuzz} says how many are tried, {@code -Dobjectlock.seed} where to begin.
 */
class LockPathFuzzTest {

    private static final int PATHS = Integer.getInteger("objectlock.fuzz", 20_000);
    private static final long FIRST = Long.getLong("objectlock.seed", 1);

    private static void forEachSeed(Consumer<Random> property) {
        forEachSeed(PATHS, property);
    }

    private static void forEachSeed(int number, Consumer<Random> property) {
        for (long seed = FIRST; seed < FIRST + number; seed++) {
            try {
                property.accept(new Random(seed));
            } catch (RuntimeException | AssertionError | StackOverflowError broken) {
                throw new AssertionError("with -Dobjectlock.seed=" + seed, broken);
            }
        }
    }

    private static LockPath of(List<String> segments) {
        return LockPath.of(segments.get(0), segments.subList(1, segments.size()).toArray(new String[0]));
    }

    @Test
    void anyTextIsAPathThatPrintsTheSameOrIsRefused() {
        forEachSeed(random -> {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append(random.nextInt(3) == 0 ? "/" : segment(random));
            }
            LockPath path;
            try {
                path = LockPath.parse(text.toString());
            } catch (LockConfigurationException refused) {
                assertThat(refused).hasMessageMatching("(?s).{10,}");
                return;
            }
            assertThat(path).hasToString(text.toString());
            assertThat(of(path.segments())).isEqualTo(path).hasSameHashCodeAs(path);
        });
    }

    @Test
    void segmentsComeBackAsTheyWentIn() {
        Map<String, List<String>> seen = new HashMap<>();
        forEachSeed(random -> {
            List<String> segments = segments(random, 5);
            if (!areWellFormed(segments)) {
                assertThatThrownBy(() -> of(segments)).isInstanceOf(LockConfigurationException.class);
                return;
            }
            LockPath path = of(segments);
            assertThat(path.segments()).isEqualTo(segments);
            assertThat(LockPath.parse(path.toString())).isEqualTo(path).hasSameHashCodeAs(path);
            assertThat(path.rootName()).isEqualTo(LockPath.escape(segments.get(0)));
            List<String> before = seen.put(path.toString(), segments);
            assertThat(before == null || before.equals(segments))
                    .as("%s and %s are both %s", before, segments, path)
                    .isTrue();
        });
    }

    @Test
    void aboveAndBelowAreMattersOfSegments() {
        forEachSeed(random -> {
            List<String> upper = relatives(random);
            List<String> lower = relatives(random);
            boolean above = upper.size() <= lower.size()
                    && lower.subList(0, upper.size()).equals(upper);
            LockPath path = of(upper);
            LockPath other = of(lower);
            assertThat(path.isAtOrAbove(other)).as("%s above %s", path, other).isEqualTo(above);
            assertThat(path.equals(other)).isEqualTo(upper.equals(lower));
            assertThat(path.compareTo(other) == 0).isEqualTo(upper.equals(lower));
            assertThat(Integer.signum(path.compareTo(other))).isEqualTo(-Integer.signum(other.compareTo(path)));
            assertThat(path.root()).isEqualTo(of(upper.subList(0, 1)));
            assertThat(path.parent())
                    .isEqualTo(
                            upper.size() == 1 ? Optional.empty() : Optional.of(of(upper.subList(0, upper.size() - 1))));
        });
    }

    @Test
    void aMoveReplacesTheFirstSegments() {
        forEachSeed(random -> {
            List<String> from = relatives(random);
            List<String> to = new ArrayList<>(relatives(random));
            to.set(0, from.get(0));
            List<String> moving = new ArrayList<>(from);
            if (random.nextBoolean()) {
                moving.addAll(relatives(random));
            }
            List<String> expected = new ArrayList<>(to);
            expected.addAll(moving.subList(from.size(), moving.size()));
            assertThat(of(moving).moved(of(from), of(to))).isEqualTo(of(expected));
        });
    }

    @Test
    void noMoveOfWhatIsElsewhere() {
        forEachSeed(random -> {
            LockPath from = of(relatives(random));
            LockPath other = of(relatives(random));
            if (!from.isAtOrAbove(other)) {
                assertThatThrownBy(() -> other.moved(from, from)).isInstanceOf(IllegalArgumentException.class);
            }
        });
    }

    @Test
    void theLimitsAreExact() {
        // These paths are long.
        forEachSeed(Math.max(1, PATHS / 8), random -> {
            int wanted = PathTemplate.MAX_SEGMENTS - 2 + random.nextInt(4);
            List<String> segments = new ArrayList<>();
            for (int i = 0; i < wanted; i++) {
                segments.add(random.nextInt(8) == 0 ? "a/%" : "ä");
            }
            int last = PathTemplate.MAX_BYTES - 4 + random.nextInt(8);
            int size = bytes(segments);
            // One segment is made so long that the whole is as long as wanted, in characters of one to four bytes.
            StringBuilder filled = new StringBuilder(segments.get(wanted / 2));
            String[] letters = {"a", "ß", "字", "😀"};
            while (size < last) {
                String letter = letters[random.nextInt(4)];
                int more = letter.getBytes(StandardCharsets.UTF_8).length;
                if (size + more <= last) {
                    filled.append(letter);
                    size += more;
                }
            }
            segments.set(wanted / 2, filled.toString());
            assertThat(bytes(segments)).isEqualTo(last);
            boolean fits = wanted <= PathTemplate.MAX_SEGMENTS && last <= PathTemplate.MAX_BYTES;
            if (fits) {
                assertThat(of(segments).segments()).isEqualTo(segments);
                assertThat(LockPath.parse(of(segments).toString()).segments()).hasSize(wanted);
            } else {
                assertThatThrownBy(() -> of(segments)).isInstanceOf(LockConfigurationException.class);
                assertThatThrownBy(() -> LockPath.parse(written(segments)))
                        .isInstanceOf(LockConfigurationException.class);
            }
        });
    }

    private static int bytes(List<String> segments) {
        return written(segments).getBytes(StandardCharsets.UTF_8).length;
    }

    private static String written(List<String> segments) {
        return String.join(
                "/",
                segments.stream()
                        .map(text -> text.replace("%", "%25").replace("/", "%2F"))
                        .toList());
    }

    private static boolean areWellFormed(List<String> segments) {
        return segments.stream()
                .allMatch(
                        text -> text.equals(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)));
    }

    private static List<String> segments(Random random, int most) {
        List<String> segments = new ArrayList<>();
        for (int i = random.nextInt(most); i >= 0; i--) {
            segments.add(segment(random));
        }
        return segments;
    }

    /** Few and alike, so that one is often above the other, or looks as if it were. */
    private static List<String> relatives(Random random) {
        String[] alike = {"a", "aa", "a/", "/", "a/a", "%", "%2F", "a%2F", "a%"};
        List<String> segments = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            segments.add(alike[random.nextInt(random.nextBoolean() ? 2 : alike.length)]);
        }
        return segments;
    }

    private static String segment(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(random.nextInt(40) == 0 ? 60 : 4); i >= 0; i--) {
            switch (random.nextInt(8)) {
                case 0 -> text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
                case 1 -> text.append((char) random.nextInt(0x10000));
                case 2 -> text.append("%2F");
                case 3 -> text.append("%25");
                case 4 -> text.append('%');
                case 5 -> text.append('/');
                default -> text.append((char) ('a' + random.nextInt(3)));
            }
        }
        return text.toString();
    }
}
