package dev.objectlock.examples.scoreeditor.score;

/**
 * Some bars in a row. Bars are counted from 1.
 *
 * @param from the first one
 * @param to the one behind the last; {@link Long#MAX_VALUE} if they go to the end
 */
public record Bars(long from, long to) {

    /** Checks that there is one at least. */
    public Bars {
        if (from < 1 || to <= from) {
            throw new IllegalArgumentException(
                    "bars are counted from 1 and forward, not from " + from + " to " + (to - 1));
        }
    }

    /** The bars from one to another, as musicians count: both are meant. */
    public static Bars of(long first, long last) {
        return new Bars(first, last + 1);
    }

    public long count() {
        return to - from;
    }

    /** Behind all bars that there are and ever will be: so far reaches what moves later bars. */
    public long endOfAll() {
        return Long.MAX_VALUE;
    }

    /** As it stands in the menu. */
    @Override
    public String toString() {
        if (count() == 1) {
            return "bar " + from;
        }
        return "bars " + from + "-" + (to == Long.MAX_VALUE ? "end" : to - 1);
    }
}
