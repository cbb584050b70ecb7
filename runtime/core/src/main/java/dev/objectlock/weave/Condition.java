package dev.objectlock.weave;

import dev.objectlock.grammar.Placeholder;
import dev.objectlock.path.Source;
import org.jspecify.annotations.Nullable;

/**
 * A {@code skipIf}.
 *
 * @param source where its value comes from, or null if it never holds
 * @param place the method, for the error
 */
record Condition(@Nullable Source source, Place place) {

    static Condition read(String text, Place place) {
        Placeholder placeholder =
                place.read(text, written -> Placeholder.parseOnly(written, "skipIf", "a boolean, as in {dryRun}"));
        return new Condition(placeholder == null ? null : place.source(placeholder), place);
    }

    boolean isNever() {
        return source == null;
    }

    boolean holds(@Nullable Object target, @Nullable Object[] args) {
        if (source == null) {
            return false;
        }
        Object value = source.read(target, args);
        if (value instanceof Boolean yes) {
            return yes;
        }
        throw place.wrong("skipIf = \"" + source + "\" must be a boolean, but is "
                + (value == null ? "null" : "a " + value.getClass().getName()));
    }
}
