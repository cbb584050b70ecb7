package dev.objectlock.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Whatever stands in an annotation is read, or refused by a {@link GrammarException}. The seed of a text that breaks
 * something is in the failure; {@code -Dobjectlock.fuzz} says how many are tried, {@code -Dobjectlock.seed} where to begin.
 */
class GrammarFuzzTest {

    private static final int TEXTS = Integer.getInteger("objectlock.fuzz", 20_000);
    private static final long FIRST = Long.getLong("objectlock.seed", 1);

    private static final List<String> TEMPLATES = List.of(
            "cell:{cell}/robot",
            "{this}/gripper",
            "score:{score}/part:{part}",
            "drafts/{draft.uid}",
            "a",
            "{node}",
            "{a.b.c}x/y{z}");

    private static final List<String> DURATIONS = List.of(
            "500ms",
            "15s",
            "1m",
            "2h",
            "1d",
            "PT1M30S",
            "forever",
            "0s",
            "999999999999999999d",
            "PT2562047788015H",
            "9223372036s",
            "PT9223372037S",
            "-PT1S");

    /** Text with one placeholder at most; neither a brace nor an escape stands in the text. */
    private static final Pattern SEGMENT = Pattern.compile("[^{}%]*(\\{[^{}%]+})?[^{}%]*");

    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "ms", ChronoUnit.MILLIS,
            "s", ChronoUnit.SECONDS,
            "m", ChronoUnit.MINUTES,
            "h", ChronoUnit.HOURS,
            "d", ChronoUnit.DAYS);

    private static void forEachSeed(Consumer<Random> property) {
        for (long seed = FIRST; seed < FIRST + TEXTS; seed++) {
            try {
                property.accept(new Random(seed));
            } catch (RuntimeException | AssertionError | StackOverflowError broken) {
                throw new AssertionError("with -Dobjectlock.seed=" + seed, broken);
            }
        }
    }

    @Test
    void aTemplateIsReadOrRefusedAndPrintsAsItWasWritten() {
        forEachSeed(random -> {
            String text = text(random, TEMPLATES, "{}/%.:$");
            PathTemplate template;
            try {
                template = PathTemplate.parse(text);
            } catch (GrammarException refused) {
                assertThat(refused).hasMessageMatching("(?s).{10,}");
                return;
            }
            assertThat(template).hasToString(text).isEqualTo(PathTemplate.parse(template.toString()));
            assertThat(written(template)).isEqualTo(text);
            assertThat(template.segments()).hasSizeBetween(1, PathTemplate.MAX_SEGMENTS);
            assertThat(text.split("/", -1))
                    .allMatch(segment ->
                            !segment.isEmpty() && SEGMENT.matcher(segment).matches());
            template.warning().ifPresent(warning -> assertThat(warning).contains(text));
        });
    }

    /** The template once more, out of its parts. */
    private static String written(PathTemplate template) {
        return template.segments().stream()
                .map(segment -> segment.before()
                        + (segment.placeholder() == null ? "" : segment.placeholder())
                        + segment.after())
                .collect(Collectors.joining("/"));
    }

    @Test
    void whatIsBuiltByTheGrammarIsRead() {
        forEachSeed(random -> {
            List<String> segments = new ArrayList<>();
            for (int i = random.nextInt(PathTemplate.MAX_SEGMENTS + 3); i >= 0; i--) {
                segments.add(segment(random));
            }
            String text = String.join("/", segments);
            if (segments.size() > PathTemplate.MAX_SEGMENTS) {
                assertRefused(() -> PathTemplate.parse(text), segments.size() + " segments");
                return;
            }
            PathTemplate template = PathTemplate.parse(text);
            assertThat(template.segments()).hasSameSizeAs(segments);
            for (int i = 0; i < segments.size(); i++) {
                assertThat(template.segments().get(i).isFixed())
                        .isEqualTo(!segments.get(i).contains("{"));
            }
        });
    }

    private static String segment(Random random) {
        String[] names = {"cell", "this", "a.b", "draft.uid", "$x", "_", "größe", "名前.字"};
        String placeholder = "{" + names[random.nextInt(names.length)] + "}";
        String fixed = "x" + random.nextInt(10);
        return switch (random.nextInt(5)) {
            case 0 -> placeholder;
            case 1 -> fixed + placeholder;
            case 2 -> placeholder + fixed;
            case 3 -> fixed + placeholder + fixed;
            default -> fixed;
        };
    }

    @Test
    void aPlaceholderIsReadOrRefusedAndPrintsAsItWasWritten() {
        forEachSeed(random -> {
            String text = text(random, List.of("{dryRun}", "{a.b}", "{this.x.y}", "{_}"), "{}.$ ");
            try {
                Placeholder only = Placeholder.parseOnly(text, "skipIf", "a boolean");
                assertThat(only)
                        .hasToString(text.trim())
                        .isEqualTo(Placeholder.parseOnly(only.toString(), "skipIf", "a boolean"));
            } catch (GrammarException refused) {
                assertThat(refused).hasMessageContaining(text);
            }
        });
    }

    @Test
    void aDurationIsReadOrRefusedAndNeverNegativeOrTooLong() {
        forEachSeed(random -> {
            String text = text(random, DURATIONS, "0123456789msdhPT.-+ ");
            try {
                Duration duration = Durations.parse(text, "lease");
                assertThat(duration).isBetween(Duration.ZERO, Durations.FOREVER);
                assertThat(Durations.parseWait(text, "waitFor")).isEqualTo(duration);
                assertThat(Durations.parse(duration.toString(), "lease")).isEqualTo(duration);
                // Whoever waits adds it to a time in nanoseconds.
                assertThat(duration.toNanos()).isNotNegative();
            } catch (GrammarException refused) {
                assertThat(refused).hasMessageContaining("lease = \"" + text + "\"");
            }
        });
    }

    @Test
    void aNumberWithAUnitIsSoManyOfThem() {
        List<String> units = List.copyOf(UNITS.keySet());
        forEachSeed(random -> {
            String unit = units.get(random.nextInt(units.size()));
            long amount = random.nextLong(1L << 1 + random.nextInt(16));
            assertThat(Durations.parse(amount + unit, "lease")).isEqualTo(Duration.of(amount, UNITS.get(unit)));
        });
    }

    @Test
    void whatIsSaidOfADurationIsNeverMoreThanItIsAndNearIt() {
        forEachSeed(random -> {
            Duration duration = Duration.ofNanos(random.nextLong() >>> random.nextInt(64));
            String said = Durations.say(duration);
            if (duration.isNegative()) {
                assertThat(said).isEqualTo("0 ms");
                return;
            }
            if (said.equals("forever")) {
                assertThat(duration).isGreaterThanOrEqualTo(Durations.FOREVER);
                return;
            }
            Duration heard = heard(said);
            assertThat(heard).isLessThanOrEqualTo(duration);
            // At most one of the smaller of two units is lost, and less than a minute as long as it is less than an
            // hour.
            assertThat(duration.minus(heard)).isLessThan(smallestUnit(said));
        });
    }

    private static Duration heard(String said) {
        Duration sum = Duration.ZERO;
        String[] words = said.split(" ");
        for (int i = 0; i < words.length; i += 2) {
            long tenths = Math.round(Double.parseDouble(words[i]) * 10);
            sum = sum.plus(unit(words[i + 1]).multipliedBy(tenths).dividedBy(10));
        }
        return sum;
    }

    private static Duration unit(String name) {
        return switch (name) {
            case "ms" -> Duration.ofMillis(1);
            case "s" -> Duration.ofSeconds(1);
            case "min" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            case "d" -> Duration.ofDays(1);
            default -> throw new AssertionError("a unit called " + name);
        };
    }

    private static Duration smallestUnit(String said) {
        if (said.endsWith("ms")) {
            return Duration.ofMillis(1);
        }
        if (said.contains("d")) {
            return Duration.ofHours(1);
        }
        if (said.contains("h")) {
            return Duration.ofMinutes(1);
        }
        return said.contains("min") ? Duration.ofSeconds(1) : Duration.ofMillis(100);
    }

    private static void assertRefused(Runnable reading, String because) {
        try {
            reading.run();
        } catch (GrammarException refused) {
            assertThat(refused).hasMessageContaining(because);
            return;
        }
        throw new AssertionError("it was read");
    }

    /** Anything at all, or something right with a few mistakes. */
    private static String text(Random random, List<String> right, String letters) {
        StringBuilder text = new StringBuilder();
        if (random.nextInt(3) > 0) {
            text.append(right.get(random.nextInt(right.size())));
        } else if (random.nextInt(50) == 0) {
            text.append(right.get(random.nextInt(right.size())).repeat(random.nextInt(2_000)));
        }
        for (int i = random.nextInt(6); i > 0; i--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, anyCharacter(random));
                case 1 -> text.insert(at, letters.charAt(random.nextInt(letters.length())));
                case 2 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(3)));
                default -> text.insert(at, text.substring(random.nextInt(at + 1), at));
            }
        }
        return text.toString();
    }

    /** Of all there are, halves of pairs included. */
    private static String anyCharacter(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Character.toString(random.nextInt(0x80));
            case 1 -> Character.toString(random.nextInt(Character.MAX_CODE_POINT + 1));
            case 2 -> String.valueOf((char) (Character.MIN_SURROGATE + random.nextInt(0x800)));
            default -> String.valueOf((char) random.nextInt(0x3000));
        };
    }
}
