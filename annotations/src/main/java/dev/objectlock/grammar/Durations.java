package dev.objectlock.grammar;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as they stand in annotations: {@code 500ms}, {@code 15s}, {@code 1m}, {@code 2h}, {@code 1d} or ISO-8601. */
public final class Durations {

    /** What {@code forever} means where a wait is asked for: longer than any process lives. */
    public static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE / 1_000_000_000L);

    private static final Pattern SIMPLE = Pattern.compile("(\\d{1,18})(ms|s|m|h|d)");

    private Durations() {}

    /**
     * Reads a duration.
     *
     * @param text what stands in the annotation
     * @param attribute the attribute it stands in, for the error
     * @return the duration, zero or more
     * @throws GrammarException if it is not a duration, or negative, or longer than {@link #FOREVER}
     */
    public static Duration parse(String text, String attribute) {
        String trimmed = text.trim();
        Matcher simple = SIMPLE.matcher(trimmed);
        Duration duration = simple.matches() ? simple(simple, text, attribute) : iso(trimmed, text, attribute);
        if (duration.isNegative()) {
            throw wrong(text, attribute, "is negative");
        }
        if (duration.compareTo(FOREVER) > 0) {
            throw wrong(text, attribute, "is longer than 292 years");
        }
        return duration;
    }

    /**
     * Reads a wait: a duration or {@code forever}.
     *
     * @param text what stands in the annotation
     * @param attribute the attribute it stands in, for the error
     * @return the duration, or {@link #FOREVER}
     * @throws GrammarException as {@link #parse}
     */
    public static Duration parseWait(String text, String attribute) {
        return text.trim().equals("forever") ? FOREVER : parse(text, attribute);
    }

    /**
     * Says a duration the way people read it: {@code 340 ms}, {@code 12.3 s}, {@code 4 min 05 s}, {@code 3 h 20 min}.
     *
     * @param duration any duration; a negative one reads as zero
     * @return the text, with its unit
     */
    public static String say(Duration duration) {
        if (duration.compareTo(FOREVER) >= 0) {
            return "forever";
        }
        long millis = duration.isNegative() ? 0 : duration.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            long tenths = millis / 100;
            return tenths % 10 == 0 ? tenths / 10 + " s" : tenths / 10 + "." + tenths % 10 + " s";
        }
        long seconds = millis / 1_000;
        if (seconds < 3_600) {
            return pair(seconds / 60, "min", seconds % 60, "s");
        }
        long minutes = seconds / 60;
        if (minutes < 1_440) {
            return pair(minutes / 60, "h", minutes % 60, "min");
        }
        return pair(minutes / 1_440, "d", minutes % 1_440 / 60, "h");
    }

    private static String pair(long large, String largeUnit, long small, String smallUnit) {
        String first = large + " " + largeUnit;
        return small == 0 ? first : first + " " + (small < 10 ? "0" : "") + small + " " + smallUnit;
    }

    private static Duration simple(Matcher matcher, String text, String attribute) {
        long amount = Long.parseLong(matcher.group(1));
        try {
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        } catch (ArithmeticException tooLong) {
            throw wrong(text, attribute, "is longer than 292 years");
        }
    }

    private static Duration iso(String trimmed, String text, String attribute) {
        try {
            return Duration.parse(trimmed);
        } catch (DateTimeParseException notIso) {
            String reason = trimmed.equals("forever") ? "is only meant for a wait" : "is not a duration";
            throw wrong(text, attribute, reason);
        }
    }

    private static GrammarException wrong(String text, String attribute, String reason) {
        return new GrammarException(
                attribute + " = \"" + text + "\" " + reason + "; write for instance 500ms, 15s, 1m, 2h or PT1M30S");
    }
}
