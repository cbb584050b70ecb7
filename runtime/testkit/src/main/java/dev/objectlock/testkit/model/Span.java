package dev.objectlock.testkit.model;

/**
 * A part of one object, the end not included.
 *
 * @param from where it begins
 * @param to where it ends
 */
record Span(long from, long to) {

    boolean overlaps(Span other) {
        return from < other.to && other.from < to;
    }

    boolean contains(Span other) {
        return from <= other.from && other.to <= to;
    }

    @Override
    public String toString() {
        return "[" + from + "," + to + ")";
    }
}
