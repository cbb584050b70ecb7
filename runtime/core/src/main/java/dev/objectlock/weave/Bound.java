package dev.objectlock.weave;

import dev.objectlock.grammar.GrammarException;
import dev.objectlock.grammar.Placeholder;
import dev.objectlock.path.Source;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One end of an extent: a whole number, or where one comes from.
 *
 * @param number the number, if there is no source
 * @param source where it comes from, or null
 * @param place the method, for the error
 */
record Bound(long number, @Nullable Source source, Place place) {

    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,19}");

    static @Nullable Bound read(String text, String attribute, Place place) {
        return place.read(text, written -> {
            if (NUMBER.matcher(written.trim()).matches()) {
                return new Bound(number(written.trim(), attribute), null, place);
            }
            return new Bound(
                    0,
                    place.source(Placeholder.parseOnly(written, attribute, "a whole number, as in {from}, or one")),
                    place);
        });
    }

    private static long number(String digits, String attribute) {
        BigInteger number = new BigInteger(digits);
        if (number.bitLength() >= Long.SIZE) {
            throw new GrammarException(attribute + " = \"" + digits + "\" is more than a long can be");
        }
        return number.longValue();
    }

    long value(@Nullable Object target, @Nullable Object[] args) {
        if (source == null) {
            return number;
        }
        Object value = source.read(target, args);
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        throw place.wrong("the end " + source + " of its extent must be a whole number, but is "
                + (value == null ? "null" : "a " + value.getClass().getName()));
    }

    @Override
    public String toString() {
        return source == null ? Long.toString(number) : source.toString();
    }
}
