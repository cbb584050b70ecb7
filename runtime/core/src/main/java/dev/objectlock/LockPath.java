package dev.objectlock;

import dev.objectlock.grammar.PathTemplate;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The name of an object: one or more segments, {@code cell:7/robot/arm}.
 *
 * <p>The first segment is the <em>root</em>: one thing with its id, never a collection. All paths under one root are one
 * tree. Paths are compared segment by segment and byte for byte: {@code cell:1/arm} and {@code cell:1/arm2} have nothing
 * to do with each other. A {@code /} or {@code %} inside a segment is written {@code %2F} or {@code %25}, so that a value
 * never turns into two segments.
 *
 * <p>A path has at most {@value PathTemplate#MAX_SEGMENTS} segments and {@value PathTemplate#MAX_BYTES} bytes in UTF-8.
 * Instances are immutable and thread-safe.
 */
public final class LockPath implements Comparable<LockPath>, Serializable {

    private static final long serialVersionUID = 1L;

    /** The first segment, escaped. */
    private final String root;

    /** The other segments, escaped and joined by a slash; empty for a root. Kept apart so that neither is built twice. */
    private final String rest;

    private final int hash;

    private LockPath(String root, String rest) {
        this.root = root;
        this.rest = rest;
        this.hash = 31 * root.hashCode() + rest.hashCode();
    }

    /**
     * Makes a path from its segments as they are, without escapes.
     *
     * @param root the first segment, for instance {@code cell:7}
     * @param more the segments below it, outermost first
     * @return the path
     * @throws LockConfigurationException if a segment is empty, or the path too long
     */
    public static LockPath of(String root, String... more) {
        StringBuilder rest = new StringBuilder();
        for (String segment : more) {
            if (!rest.isEmpty()) {
                rest.append('/');
            }
            rest.append(escape(segment));
        }
        return ofEscaped(escape(root), rest.toString());
    }

    /**
     * Reads a path as {@link #toString} writes it.
     *
     * @param text segments separated by slashes, {@code /} and {@code %} inside them escaped
     * @return the path
     * @throws LockConfigurationException if a segment is empty, an escape is wrong, or the path too long
     */
    public static LockPath parse(String text) {
        int slash = text.indexOf('/');
        String root = slash < 0 ? text : text.substring(0, slash);
        String rest = slash < 0 ? "" : text.substring(slash + 1);
        if (slash == text.length() - 1) {
            throw emptySegment(text);
        }
        for (String segment : text.split("/", -1)) {
            if (segment.isEmpty()) {
                throw emptySegment(text);
            }
            if (!escape(unescape(segment, text)).equals(segment)) {
                throw new LockConfigurationException("'" + text + "' has a '%' that does not begin %25 or %2F");
            }
        }
        return ofEscaped(root, rest);
    }

    /**
     * Makes a path from text that is escaped already and has no empty segment. For whoever builds many paths; others
     * use {@link #of} or {@link #parse}.
     *
     * @param root the first segment
     * @param rest the other segments joined by slashes, or empty
     * @return the path
     * @throws LockConfigurationException if the path is too long
     */
    public static LockPath ofEscaped(String root, String rest) {
        checkSize(root, rest);
        return new LockPath(root, rest);
    }

    /**
     * Writes one segment the way it stands in a path.
     *
     * @param segment the text of one segment
     * @return the same text, with {@code /} and {@code %} escaped
     * @throws LockConfigurationException if it is empty or is not well-formed Unicode
     */
    public static String escape(String segment) {
        int length = segment.length();
        if (length == 0) {
            throw new LockConfigurationException("a path segment must not be empty");
        }
        boolean plain = true;
        for (int i = 0; i < length; i++) {
            char c = segment.charAt(i);
            if (c == '/' || c == '%') {
                plain = false;
            } else if (Character.isSurrogate(c)) {
                i += checkPair(segment, i);
            }
        }
        return plain ? segment : segment.replace("%", "%25").replace("/", "%2F");
    }

    /**
     * Returns the path of the root of this path's tree.
     *
     * @return this path if it is a root
     */
    public LockPath root() {
        return rest.isEmpty() ? this : new LockPath(root, "");
    }

    /**
     * Returns the first segment, escaped: the name of the tree.
     *
     * @return never empty
     */
    public String rootName() {
        return root;
    }

    /**
     * Returns what follows the first segment, escaped.
     *
     * @return the segments below the root joined by slashes; empty for a root
     */
    public String belowRoot() {
        return rest;
    }

    /**
     * Returns the path of the object above.
     *
     * @return empty for a root
     */
    public Optional<LockPath> parent() {
        if (rest.isEmpty()) {
            return Optional.empty();
        }
        int slash = rest.lastIndexOf('/');
        return Optional.of(new LockPath(root, slash < 0 ? "" : rest.substring(0, slash)));
    }

    /**
     * Returns the path of an object below this one.
     *
     * @param segment the text of the one further segment
     * @return the longer path
     * @throws LockConfigurationException if the segment is empty, or the path too long
     */
    public LockPath child(String segment) {
        String escaped = escape(segment);
        return ofEscaped(root, rest.isEmpty() ? escaped : rest + "/" + escaped);
    }

    /**
     * Returns the segments as they are, without escapes.
     *
     * @return at least one
     */
    public List<String> segments() {
        List<String> segments = new ArrayList<>();
        for (String segment : toString().split("/")) {
            segments.add(unescape(segment, segment));
        }
        return List.copyOf(segments);
    }

    /**
     * Returns whether an object is this one or below it.
     *
     * @param other the path of the other object
     * @return true if this path is a prefix of the other, by whole segments
     */
    public boolean isAtOrAbove(LockPath other) {
        if (!root.equals(other.root)) {
            return false;
        }
        int length = rest.length();
        return length == 0
                || other.rest.startsWith(rest) && (other.rest.length() == length || other.rest.charAt(length) == '/');
    }

    /**
     * Returns where this object is after one above it, or itself, has got a new path.
     *
     * @param from the former path of the object that was moved; this path is at it or below
     * @param to its new path, under the same root
     * @return the new path of this object
     * @throws LockConfigurationException if the path becomes too long
     */
    public LockPath moved(LockPath from, LockPath to) {
        if (!from.isAtOrAbove(this)) {
            throw new IllegalArgumentException(this + " is not at or below " + from);
        }
        if (rest.length() == from.rest.length()) {
            return to;
        }
        String below = from.rest.isEmpty() ? rest : rest.substring(from.rest.length() + 1);
        return ofEscaped(to.root, to.rest.isEmpty() ? below : to.rest + "/" + below);
    }

    /** {@inheritDoc} */
    @Override
    public int compareTo(LockPath other) {
        int roots = root.compareTo(other.root);
        return roots != 0 ? roots : rest.compareTo(other.rest);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof LockPath path
                        && hash == path.hash
                        && root.equals(path.root)
                        && rest.equals(path.rest);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /**
     * Returns the path as text, with escapes, such that {@link #parse} gives it back.
     *
     * @return the segments joined by slashes
     */
    @Override
    public String toString() {
        return rest.isEmpty() ? root : root + "/" + rest;
    }

    private static void checkSize(String root, String rest) {
        int slashes = 0;
        for (int at = rest.indexOf('/'); at >= 0; at = rest.indexOf('/', at + 1)) {
            slashes++;
        }
        if (slashes + 2 > PathTemplate.MAX_SEGMENTS && !rest.isEmpty()) {
            throw new LockConfigurationException("the path '" + shorten(root + "/" + rest) + "' has " + (slashes + 2)
                    + " segments; at most " + PathTemplate.MAX_SEGMENTS + " are possible");
        }
        // No char takes more than three bytes, so most paths need not be counted.
        if ((root.length() + rest.length() + 1) * 3 > PathTemplate.MAX_BYTES) {
            int bytes = (rest.isEmpty() ? root : root + "/" + rest).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > PathTemplate.MAX_BYTES) {
                throw new LockConfigurationException("the path '" + shorten(root + "/" + rest) + "' has " + bytes
                        + " bytes; at most " + PathTemplate.MAX_BYTES + " are possible");
            }
        }
    }

    private static String shorten(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    private static LockConfigurationException emptySegment(String text) {
        return new LockConfigurationException("'" + text + "' has an empty segment; segments are separated by one '/'");
    }

    /** Unpaired surrogates have no UTF-8 form and would all turn into the same byte. */
    private static int checkPair(String segment, int at) {
        if (Character.isHighSurrogate(segment.charAt(at))
                && at + 1 < segment.length()
                && Character.isLowSurrogate(segment.charAt(at + 1))) {
            return 1;
        }
        throw new LockConfigurationException("a path segment has a surrogate without its pair at index " + at);
    }

    private static String unescape(String segment, String whole) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        String plain = segment.replace("%2F", "/");
        if (plain.replace("%25", "").indexOf('%') >= 0) {
            throw new LockConfigurationException("'" + whole + "' has a '%' that does not begin %25 or %2F");
        }
        return plain.replace("%25", "%");
    }
}
