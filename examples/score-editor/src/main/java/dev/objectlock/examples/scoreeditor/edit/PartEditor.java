package dev.objectlock.examples.scoreeditor.edit;

import dev.objectlock.ChangedPart;
import dev.objectlock.Extent;
import dev.objectlock.ObjectLocks;
import dev.objectlock.TransactionRequest;
import dev.objectlock.annotation.LockTransaction;
import dev.objectlock.examples.scoreeditor.score.Bars;
import dev.objectlock.examples.scoreeditor.score.Note;
import dev.objectlock.examples.scoreeditor.score.Part;
import dev.objectlock.examples.scoreeditor.score.Score;
import dev.objectlock.examples.scoreeditor.score.Scores;
import java.util.List;

/**
 * What editors can do. Each method is one change of some bars of a part: nobody else changes these meanwhile, it happens as a whole or
 * not at all, and it is a line in the Undo menu. Extents are counted in bars.
 */
public final class PartEditor {

    private static final String PART = "score:{score}/part:{part}";
    private static final String FIRST = "{bars.from}";
    private static final String BEHIND = "{bars.to}";

    /** What moves all that comes later changes all that comes later. */
    private static final String END_OF_ALL = "{bars.endOfAll}";

    private final ObjectLocks locks;
    private final Scores scores;

    public PartEditor(ObjectLocks locks, Scores scores) {
        this.locks = locks;
        this.scores = scores;
    }

    @LockTransaction(name = "Transpose {bars} by {semitones}", path = PART, from = FIRST, to = BEHIND)
    public void transpose(String score, String part, Bars bars, int semitones, Progress progress) {
        edits(score, part).transpose(bars, semitones, progress);
    }

    @LockTransaction(name = "Quantise {bars} to 1/{grid}", path = PART, from = FIRST, to = BEHIND)
    public void quantise(String score, String part, Bars bars, int grid, Progress progress) {
        edits(score, part).quantise(bars, grid, progress);
    }

    @LockTransaction(name = "Cut {bars}", path = PART, from = FIRST, to = END_OF_ALL)
    public void cut(String score, String part, Bars bars, Progress progress) {
        edits(score, part).cut(bars, progress);
    }

    @LockTransaction(name = "Insert {bars}", path = PART, from = FIRST, to = END_OF_ALL)
    public void insert(String score, String part, Bars bars, Progress progress) {
        edits(score, part).insert(bars, progress);
    }

    /** How many parts there are is known only now, so this one is asked for in code. The cuts in it are part of it. */
    public void cutInAllParts(String score, Bars bars, Progress progress) {
        List<Part> parts = scores.score(score).parts();
        Extent extent = new Extent(bars.from(), bars.endOfAll());
        List<ChangedPart> changed = parts.stream()
                .map(part -> new ChangedPart(PartStates.path(score, part.name()), extent))
                .toList();
        locks.transactions()
                .run(
                        TransactionRequest.of("Cut " + bars + " of all parts", changed),
                        () -> parts.forEach(part -> cut(score, part.name(), bars, progress)));
    }

    /** What there is to play in a bar. Whoever asks waits for nobody, and nobody for them. */
    @LockTransaction(readOnly = true)
    public List<Note> look(String score, String part, long bar) {
        Score found = scores.score(score);
        return found.part(part).notes(found.meter().startOf(bar), found.meter().startOf(bar + 1));
    }

    private Edits edits(String score, String part) {
        Score found = scores.score(score);
        return new Edits(found.part(part), found.meter());
    }
}
