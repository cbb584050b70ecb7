package dev.objectlock.testkit.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is held, or asked for, on one object.
 *
 * @param path the object
 * @param mode who else is admitted
 * @param tree whether it covers all below, too
 * @param shared whether readers are let in
 * @param span the part of the object, or null for all of it
 * @param kept whether it stays until released
 * @param slots how many such holds the object takes if it is a counting lock, else 0
 */
record Part(String path, Mode mode, boolean tree, boolean shared, @Nullable Span span, boolean kept, int slots) {

    /** Whether one path is that of an object or of one above it. */
    static boolean atOrAbove(String upper, String lower) {
        return upper.equals(lower) || lower.startsWith(upper + "/");
    }

    static String root(String path) {
        int slash = path.indexOf('/');
        return slash < 0 ? path : path.substring(0, slash);
    }

    /** Where an object is after one at or above it was moved. */
    static String moved(String path, String from, String to) {
        return to + path.substring(from.length());
    }

    String root() {
        return root(path);
    }

    boolean coversObject(String other) {
        return path.equals(other) || tree && atOrAbove(path, other);
    }

    boolean isUnder(String other) {
        return atOrAbove(other, path);
    }

    /** Whether it gives all that another asks for on the same object. */
    boolean includes(Part asked) {
        return (tree || !asked.tree) && (!shared || asked.shared);
    }

    /** Whether it covers all that another asks for, with no weaker access. */
    boolean covers(Part asked) {
        boolean all = path.equals(asked.path)
                ? (tree || !asked.tree) && (span == null || asked.span != null && span.contains(asked.span))
                : tree && atOrAbove(path, asked.path);
        return all && (!shared || asked.shared);
    }

    /** What one kept hold becomes that has to give this and another. */
    Part widenedTo(Part asked) {
        return new Part(path, mode, tree || asked.tree, shared && asked.shared, span, kept, slots);
    }

    boolean isSameKind(Part other) {
        return path.equals(other.path)
                && mode == other.mode
                && slots == 0
                && other.slots == 0
                && Objects.equals(span, other.span);
    }

    Part at(String moved) {
        return new Part(moved, mode, tree, shared, span, kept, slots);
    }

    Part withTree(boolean wanted) {
        return new Part(path, mode, wanted, shared, span, kept, slots);
    }

    static Part call(String path, boolean tree, boolean shared) {
        return new Part(path, Mode.USER, tree, shared, null, false, 0);
    }

    @Override
    public String toString() {
        return (kept ? "kept " : "")
                + (shared ? "shared " : "")
                + mode
                + (tree ? " TREE " : " ")
                + path
                + (span == null ? "" : span)
                + (slots == 0 ? "" : " (one of " + slots + ")");
    }
}
