package dev.objectlock.examples.scoreeditor.score;

/**
 * How ticks make bars: one time signature from the beginning to the end.
 *
 * @param ticksPerQuarter how many ticks a quarter note lasts
 * @param beats how many beats a bar has
 * @param unit which note a beat is: 4 for a quarter, 8 for an eighth
 */
public record Meter(int ticksPerQuarter, int beats, int unit) {

    private static final int QUARTERS_OF_A_WHOLE = 4;

    /** Checks that a beat is a whole number of ticks. */
    public Meter {
        if (ticksPerQuarter < 1 || beats < 1 || Integer.bitCount(unit) != 1) {
            throw new IllegalArgumentException(
                    "no meter: " + beats + "/" + unit + " with " + ticksPerQuarter + " ticks to a quarter");
        }
        ticksOf(unit, ticksPerQuarter);
    }

    public long ticksPerBar() {
        return beats * ticksOf(unit, ticksPerQuarter);
    }

    /** How long a note of some kind lasts: 4 is a quarter, 8 an eighth. */
    public long ticksOf(int kind) {
        return ticksOf(kind, ticksPerQuarter);
    }

    /** The bar at a tick; bars are counted from 1. */
    public long barAt(long tick) {
        return tick / ticksPerBar() + 1;
    }

    /** The tick at which a bar begins. For {@link Long#MAX_VALUE}, "to the end", that is the end of time. */
    public long startOf(long bar) {
        return bar == Long.MAX_VALUE ? Long.MAX_VALUE : Math.multiplyExact(bar - 1, ticksPerBar());
    }

    private static long ticksOf(int kind, int ticksPerQuarter) {
        long ticks = (long) ticksPerQuarter * QUARTERS_OF_A_WHOLE;
        if (kind < 1 || ticks % kind != 0) {
            throw new IllegalArgumentException("with " + ticksPerQuarter + " ticks to a quarter, a 1/" + kind
                    + " note is no whole number of ticks");
        }
        return ticks / kind;
    }
}
