package dev.objectlock;

/**
 * A part of one object: from {@code from} (included) to {@code to} (not included), in whatever unit the object counts.
 *
 * @param from the first position
 * @param to the position behind the last, greater than {@code from}
 */
public record Extent(long from, long to) {

    /** Checks the order. */
    public Extent {
        if (from >= to) {
            throw new LockConfigurationException(
                    "an extent must not be empty or reversed, but [" + from + ", " + to + ") is");
        }
    }

    /**
     * Returns whether some position is in both.
     *
     * @param other the other extent
     * @return true if they overlap
     */
    public boolean overlaps(Extent other) {
        return from < other.to && other.from < to;
    }

    /**
     * Returns whether every position of the other is in this one.
     *
     * @param other the other extent
     * @return true if nothing of it is outside
     */
    public boolean contains(Extent other) {
        return from <= other.from && other.to <= to;
    }

    @Override
    public String toString() {
        return "[" + from + ", " + to + ")";
    }
}
