package dev.objectlock.examples.scoreeditor.score;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * What one instrument plays.
 *
 * <p>Its notes are one immutable list at any moment, so that whoever reads needs no lock and sees no change half done. Changes
 * of different stretches may be made at the same time, and none loses the other. Two of the same stretch would: whoever changes it
 * has it locked.
 */
public final class Part {

    private final String name;
    private final int channel;
    private final int program;
    private final AtomicReference<List<Note>> notes;

    /**
     * Creates a part.
     *
     * @param name what it is called; each part of a score has a name of its own
     * @param channel the MIDI channel, 0 to 15
     * @param program the MIDI program, 0 to 127: the instrument
     * @param notes what is played, in any order
     */
    public Part(String name, int channel, int program, List<Note> notes) {
        if (name.isBlank() || channel < 0 || channel > 15 || program < 0 || program > 127) {
            throw new IllegalArgumentException(
                    "no part: '" + name + "' with program " + program + " on channel " + channel);
        }
        this.name = name;
        this.channel = channel;
        this.program = program;
        this.notes = new AtomicReference<>(notes.stream().sorted().toList());
    }

    public String name() {
        return name;
    }

    public int channel() {
        return channel;
    }

    public int program() {
        return program;
    }

    /** All notes, in order. */
    public List<Note> notes() {
        return Objects.requireNonNull(notes.get());
    }

    /** The notes that begin in a stretch, in order. */
    public List<Note> notes(long from, long to) {
        return notes().stream().filter(note -> isIn(note, from, to)).toList();
    }

    /**
     * Changes the notes that begin in a stretch.
     *
     * @param from the first tick
     * @param to the tick behind the last
     * @param change gets those notes and returns what is to be there instead, which begins there too. It may be asked again, if
     *     somebody has changed another stretch meanwhile
     */
    public void change(long from, long to, UnaryOperator<List<Note>> change) {
        notes.updateAndGet(all -> {
            List<Note> inside = change.apply(
                    all.stream().filter(note -> isIn(note, from, to)).toList());
            List<Note> changed = new ArrayList<>(
                    all.stream().filter(note -> !isIn(note, from, to)).toList());
            for (Note note : inside) {
                if (!isIn(note, from, to)) {
                    throw new IllegalArgumentException(
                            note + " is not in the stretch that is changed: [" + from + ", " + to + ") of " + name);
                }
                changed.add(note);
            }
            return changed.stream().sorted().toList();
        });
    }

    private static boolean isIn(Note note, long from, long to) {
        return note.tick() >= from && note.tick() < to;
    }
}
