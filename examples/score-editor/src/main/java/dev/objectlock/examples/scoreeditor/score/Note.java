package dev.objectlock.examples.scoreeditor.score;

import java.util.Comparator;

/**
 * A note of a part. It belongs to the bar in which it begins, however long it sounds.
 *
 * @param tick when it begins
 * @param length how many ticks it lasts
 * @param key which key, 60 being middle C
 * @param velocity how hard it is struck
 */
public record Note(long tick, long length, int key, int velocity) implements Comparable<Note> {

    private static final int HIGHEST = 127;

    private static final Comparator<Note> ORDER = Comparator.comparingLong(Note::tick)
            .thenComparingInt(Note::key)
            .thenComparingLong(Note::length)
            .thenComparingInt(Note::velocity);

    /** Checks that there is such a note. */
    public Note {
        if (tick < 0 || length < 1) {
            throw new IllegalArgumentException(
                    "a note begins at tick 0 or later and lasts 1 tick or longer, not " + length + " from " + tick);
        }
        if (key < 0 || key > HIGHEST) {
            throw new IllegalArgumentException("there is no key " + key + "; keys are 0 to " + HIGHEST);
        }
        if (velocity < 1 || velocity > HIGHEST) {
            throw new IllegalArgumentException("velocities are 1 to " + HIGHEST + ", not " + velocity);
        }
    }

    public long end() {
        return tick + length;
    }

    public Note at(long otherTick) {
        return new Note(otherTick, length, key, velocity);
    }

    public Note transposed(int semitones) {
        return new Note(tick, length, key + semitones, velocity);
    }

    /** By time, and then by whatever tells two notes apart: notes in order are equal if there are the same ones. */
    @Override
    public int compareTo(Note other) {
        return ORDER.compare(this, other);
    }
}
