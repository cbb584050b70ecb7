package dev.objectlock.examples.scoreeditor;

import dev.objectlock.LockPath;
import dev.objectlock.ObjectLocks;
import dev.objectlock.UndoEntry;
import dev.objectlock.examples.scoreeditor.edit.PartEditor;
import dev.objectlock.examples.scoreeditor.edit.PartStates;
import dev.objectlock.examples.scoreeditor.score.Note;
import dev.objectlock.examples.scoreeditor.score.Score;
import dev.objectlock.examples.scoreeditor.score.Scores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tune, opened for editing. */
final class Desk {

    static final LockPath ROOT = PartStates.path("ode-to-joy");

    final ObjectLocks locks;
    final Score score;
    final PartEditor editor;

    /** The notes of the file. */
    final Map<String, List<Note>> original;

    Desk(ObjectLocks locks) throws Exception {
        this.locks = locks;
        this.score = ScoreEditor.tune();
        Scores scores = new Scores(List.of(score));
        this.editor = new PartEditor(locks, scores);
        this.original = score.notes();
        locks.transactions().participant(PartStates.PATTERN, new PartStates(scores));
    }

    String name() {
        return score.name();
    }

    List<Note> notes(String part) {
        return score.part(part).notes();
    }

    /** Undoes until there is nothing more to undo. */
    List<UndoEntry> undoEverything() {
        List<UndoEntry> undone = new ArrayList<>();
        for (Optional<UndoEntry> entry = undo(); entry.isPresent(); entry = undo()) {
            undone.add(entry.get());
        }
        return undone;
    }

    /** Redoes until there is nothing more to redo. */
    int redoEverything() {
        int steps = 0;
        while (locks.transactions().redo(ROOT).isPresent()) {
            steps++;
        }
        return steps;
    }

    private Optional<UndoEntry> undo() {
        return locks.transactions().undo(ROOT);
    }
}
