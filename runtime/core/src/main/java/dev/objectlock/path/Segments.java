package dev.objectlock.path;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockPath;
import java.lang.reflect.Method;
import java.math.BigInteger;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes values as (part of) one segment. */
final class Segments {

    /** Whether a class says what its instances look like, instead of leaving them with their identity. */
    private static final ClassValue<Boolean> OVERRIDES_TO_STRING = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            try {
                Method toString = type.getMethod("toString");
                return toString.getDeclaringClass() != Object.class;
            } catch (NoSuchMethodException impossible) {
                return false;
            }
        }
    };

    private Segments() {}

    /**
     * Writes a value as text of one segment.
     *
     * @param value the value
     * @param source the placeholder, for the error
     * @param place the method or class, for the error
     * @return the text, escaped and not empty
     * @throws LockConfigurationException if the value cannot name an object
     */
    static String write(@Nullable Object value, Source source, String place) {
        String text;
        if (value instanceof String string) {
            text = string;
        } else if (value instanceof Integer || value instanceof Long) {
            return value.toString();
        } else if (value == null) {
            throw wrong(source, place, "is null");
        } else {
            text = other(value, source, place);
            if (text == null) {
                throw wrong(source, place, "has a toString() that returns null");
            }
        }
        if (text.isEmpty()) {
            throw wrong(source, place, "is empty");
        }
        try {
            return LockPath.escape(text);
        } catch (LockConfigurationException malformed) {
            throw wrong(source, place, "cannot be written: " + malformed.getMessage());
        }
    }

    private static @Nullable String other(Object value, Source source, String place) {
        if (value instanceof CharSequence
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof UUID
                || value instanceof Short
                || value instanceof Byte
                || value instanceof BigInteger) {
            return value.toString();
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof Iterable<?>
                || value instanceof java.util.Map<?, ?>
                || value.getClass().isArray()) {
            throw wrong(
                    source,
                    place,
                    "is a collection (" + value.getClass().getName() + "); name one object, or give"
                            + " each its own path");
        }
        if (value instanceof Number || value instanceof java.util.Optional<?>) {
            throw wrong(
                    source,
                    place,
                    "is a " + value.getClass().getName() + ", which does not name an object; use"
                            + " text or a whole number");
        }
        if (!OVERRIDES_TO_STRING.get(value.getClass())) {
            throw wrong(
                    source,
                    place,
                    "is a " + value.getClass().getName() + ", which has no toString() of its own;"
                            + " name a property, as in " + source.toString().replace("}", ".id}"));
        }
        return value.toString();
    }

    static LockConfigurationException wrong(Source source, String place, String what) {
        return new LockConfigurationException(source + " of " + place + " " + what);
    }
}
