package dev.objectlock.examples.scoreeditor.edit;

import dev.objectlock.examples.scoreeditor.score.Bars;
import dev.objectlock.examples.scoreeditor.score.Meter;
import dev.objectlock.examples.scoreeditor.score.Note;
import dev.objectlock.examples.scoreeditor.score.Part;
import java.util.function.UnaryOperator;

/**
 * What can be done to a part. An edit changes notes that begin in its bars and leaves them there; a cut and an insertion have all
 * bars to the end for theirs, as they move what comes later.
 */
final class Edits {

    private final Part part;
    private final Meter meter;

    Edits(Part part, Meter meter) {
        this.part = part;
        this.meter = meter;
    }

    /** Bar by bar, so that a note that cannot be transposed is found when others have been already. */
    void transpose(Bars bars, int semitones, Progress progress) {
        eachBar(bars, progress, note -> {
            int key = note.key() + semitones;
            if (key < 0 || key > 127) {
                throw new IllegalArgumentException("the note at bar " + meter.barAt(note.tick()) + " has key "
                        + note.key() + ", which by " + semitones + " would be " + key + "; keys are 0 to 127");
            }
            return note.transposed(semitones);
        });
    }

    /**
     * Moves beginnings to the nearest eighth, or whatever the grid is. What would move to the bar behind is left where it is: it is
     * for whoever has that bar.
     */
    void quantise(Bars bars, int grid, Progress progress) {
        long step = meter.ticksOf(grid);
        long end = meter.startOf(bars.to());
        eachBar(bars, progress, note -> {
            long bar = meter.barAt(note.tick());
            long begin = meter.startOf(bar);
            long nearest = begin + (note.tick() - begin + step / 2) / step * step;
            long there = Math.min(nearest, meter.startOf(bar + 1));
            return there < end ? note.at(there) : note;
        });
    }

    /** Takes bars out; what comes later moves forward. */
    void cut(Bars bars, Progress progress) {
        progress.at(bars.from());
        long from = meter.startOf(bars.from());
        long to = meter.startOf(bars.to());
        part.change(from, Long.MAX_VALUE, notes -> notes.stream()
                .filter(note -> note.tick() >= to)
                .map(note -> note.at(note.tick() - (to - from)))
                .toList());
    }

    /** Makes room: what was in the first of the bars, and later, moves behind them. */
    void insert(Bars bars, Progress progress) {
        progress.at(bars.from());
        long from = meter.startOf(bars.from());
        long room = meter.startOf(bars.to()) - from;
        part.change(from, Long.MAX_VALUE, notes -> notes.stream()
                .map(note -> note.at(note.tick() + room))
                .toList());
    }

    private void eachBar(Bars bars, Progress progress, UnaryOperator<Note> edit) {
        long from = meter.startOf(bars.from());
        long to = meter.startOf(bars.to());
        for (long bar = bars.from(); bar < bars.to(); bar++) {
            progress.at(bar);
            long now = bar;
            part.change(from, to, notes -> notes.stream()
                    .map(note -> meter.barAt(note.tick()) == now ? edit.apply(note) : note)
                    .toList());
        }
    }
}
