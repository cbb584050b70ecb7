package dev.objectlock.examples.scoreeditor.edit;

import dev.objectlock.Extent;
import dev.objectlock.LockPath;
import dev.objectlock.UndoParticipant;
import dev.objectlock.examples.scoreeditor.score.Meter;
import dev.objectlock.examples.scoreeditor.score.Note;
import dev.objectlock.examples.scoreeditor.score.Part;
import dev.objectlock.examples.scoreeditor.score.Score;
import dev.objectlock.examples.scoreeditor.score.Scores;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows the state of parts for undo: the notes that begin in the bars of an extent. */
public final class PartStates implements UndoParticipant<List<Note>> {

    /** The paths that it is registered for. */
    public static final String PATTERN = "score:{score}/part:{part}";

    private static final String SCORE = "score:";
    private static final String PART = "part:";

    /** A reference, a header, two longs and two ints. */
    private static final long BYTES_OF_A_NOTE = 40;

    private final Scores scores;

    public PartStates(Scores scores) {
        this.scores = scores;
    }

    public static LockPath path(String score) {
        return LockPath.of(SCORE + score);
    }

    public static LockPath path(String score, String part) {
        return path(score).child(PART + part);
    }

    /** The name of the part that a path names. */
    public static String partOf(LockPath path) {
        return path.segments().get(1).substring(PART.length());
    }

    @Override
    public List<Note> capture(LockPath path, @Nullable Extent extent) {
        Stretch stretch = stretch(path, extent);
        return stretch.part.notes(stretch.from, stretch.to);
    }

    @Override
    public void restore(LockPath path, @Nullable Extent extent, List<Note> state) {
        Stretch stretch = stretch(path, extent);
        stretch.part.change(stretch.from, stretch.to, now -> state);
    }

    @Override
    public long bytes(List<Note> state) {
        return BYTES_OF_A_NOTE * state.size();
    }

    /** The ticks of a part that an extent of bars means. */
    private record Stretch(Part part, long from, long to) {}

    private Stretch stretch(LockPath path, @Nullable Extent bars) {
        Score score = scores.score(path.segments().get(0).substring(SCORE.length()));
        Part part = score.part(partOf(path));
        Meter meter = score.meter();
        return bars == null
                ? new Stretch(part, 0, Long.MAX_VALUE)
                : new Stretch(part, meter.startOf(bars.from()), meter.startOf(bars.to()));
    }
}
