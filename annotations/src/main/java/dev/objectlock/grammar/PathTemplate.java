package dev.objectlock.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A path template such as {@code cell:{cell}/robot}, read and checked.
 *
 * @param text the template as it was written
 * @param segments its segments, at least one
 */
public record PathTemplate(String text, List<Segment> segments) {

    /** The most segments that a path may have. */
    public static final int MAX_SEGMENTS = 32;

    /** The most bytes, in UTF-8, that a path may have, its separators and escapes included. */
    public static final int MAX_BYTES = 1024;

    /**
     * One segment: text, a placeholder, or text around one placeholder.
     *
     * @param before the text before the placeholder, or all of it if there is none
     * @param placeholder the placeholder, or null
     * @param after the text behind the placeholder
     */
    public record Segment(String before, @Nullable Placeholder placeholder, String after) {

        /**
         * Returns whether this segment is the same for every call.
         *
         * @return true if it has no placeholder
         */
        public boolean isFixed() {
            return placeholder == null;
        }

        /**
         * Returns whether this segment is a placeholder and nothing else.
         *
         * @return true if no text stands beside the placeholder
         */
        public boolean isWholePlaceholder() {
            return placeholder != null && before.isEmpty() && after.isEmpty();
        }
    }

    /** Copies the list. */
    public PathTemplate {
        segments = List.copyOf(segments);
    }

    /**
     * Reads a template.
     *
     * @param text what stands in the annotation
     * @return the template
     * @throws GrammarException if it is empty, has an empty segment, a segment with two placeholders, a brace that does
     *     not match, a {@code %}, or more than {@value #MAX_SEGMENTS} segments
     */
    public static PathTemplate parse(String text) {
        if (text.isEmpty()) {
            throw new GrammarException("a path template must not be empty; write for instance cell:{cell}/robot");
        }
        List<Segment> segments = new ArrayList<>();
        for (String segment : text.split("/", -1)) {
            segments.add(segment(segment, text));
        }
        if (segments.size() > MAX_SEGMENTS) {
            throw new GrammarException(
                    "\"" + text + "\" has " + segments.size() + " segments; a path has at most " + MAX_SEGMENTS);
        }
        return new PathTemplate(text, segments);
    }

    /**
     * Returns what is likely to be wrong with a template that is right by the grammar.
     *
     * @return a sentence with the better spelling, or empty
     */
    public Optional<String> warning() {
        if (!segments.get(0).isFixed()) {
            return Optional.empty();
        }
        for (int i = 1; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            if (!segment.isFixed()) {
                return Optional.of("the path \"" + text + "\" puts all its objects into the one tree '"
                        + segments.get(0).before() + "', where they share one order and one undo history; begin with"
                        + " the thing and its id: \"" + betterSpelling(i) + "\"");
            }
        }
        return Optional.empty();
    }

    private String betterSpelling(int firstOpen) {
        String root = segments.get(firstOpen - 1).before();
        String singular = root.length() > 1 && root.endsWith("s") ? root.substring(0, root.length() - 1) : root;
        StringBuilder better = new StringBuilder(singular).append(':');
        for (int i = firstOpen; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            if (i > firstOpen) {
                better.append('/');
            }
            better.append(segment.before());
            if (segment.placeholder() != null) {
                better.append(segment.placeholder()).append(segment.after());
            }
        }
        return better.toString();
    }

    private static Segment segment(String segment, String template) {
        if (segment.isEmpty()) {
            throw new GrammarException("\"" + template + "\" has an empty segment; segments are separated by a single"
                    + " '/', with none at the beginning or end");
        }
        int open = segment.indexOf('{');
        int close = segment.indexOf('}');
        if (open < 0 && close < 0) {
            return new Segment(text(segment, template), null, "");
        }
        if (open < 0 || close < open) {
            throw new GrammarException("\"" + template + "\" has a brace that does not match in '" + segment + "'");
        }
        String after = segment.substring(close + 1);
        if (after.indexOf('{') >= 0) {
            throw new GrammarException("'" + segment + "' in \"" + template + "\" has two placeholders, whose values"
                    + " could run together and collide; give each a segment of its own");
        }
        Placeholder placeholder = Placeholder.parse(segment.substring(open + 1, close), template);
        return new Segment(text(segment.substring(0, open), template), placeholder, text(after, template));
    }

    private static String text(String text, String template) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '{' || c == '}') {
                throw new GrammarException("\"" + template + "\" has a brace that does not match");
            }
            if (c == '%') {
                throw new GrammarException("\"" + template + "\" has a '%', which is kept for escapes in values");
            }
        }
        return text;
    }

    /**
     * Returns the template as it was written.
     *
     * @return {@link #text()}
     */
    @Override
    public String toString() {
        return text;
    }
}
