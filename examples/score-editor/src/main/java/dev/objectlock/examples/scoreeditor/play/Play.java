package dev.objectlock.examples.scoreeditor.play;

import dev.objectlock.LockTransactions;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OpenTransaction;
import dev.objectlock.TransactionRequest;
import dev.objectlock.examples.scoreeditor.edit.PartEditor;
import dev.objectlock.examples.scoreeditor.edit.PartStates;
import dev.objectlock.examples.scoreeditor.edit.Progress;
import dev.objectlock.examples.scoreeditor.score.Bars;
import dev.objectlock.examples.scoreeditor.score.Note;
import dev.objectlock.examples.scoreeditor.score.Score;
import java.util.List;
import java.util.Map;

/** Three editors and a player at one score. Everybody works on a thread of their own; the play says who stops where, and goes on when. */
public final class Play implements AutoCloseable {

    private static final int BARS_READ = 50;

    private final LockTransactions transactions;
    private final PartEditor editor;
    private final Score score;
    private final String name;
    private final Map<String, List<Note>> original;
    private final Player player;
    private final Stage stage;
    private final Person clara;
    private final Person ben;
    private final Person dora;

    public Play(ObjectLocks locks, PartEditor editor, Score score, Timeline timeline) {
        this.transactions = locks.transactions();
        this.editor = editor;
        this.score = score;
        this.name = score.name();
        this.original = score.notes();
        this.player = new Player(locks, editor, score);
        this.stage = new Stage(locks, score, player, timeline);
        this.clara = new Person(locks, "clara");
        this.ben = new Person(locks, "ben");
        this.dora = new Person(locks, "dora");
    }

    /** Plays all acts. */
    public void play() {
        differentBars();
        overlappingBars();
        differentParts();
        undoInOrder();
        severalParts();
        failure();
        stalled();
        backAndForth();
    }

    private void differentBars() {
        stage.heading("Different bars of one part are edited at the same time, and the player reads on");
        Task transposing =
                stage.begins(clara, 3, progress -> editor.transpose(name, "melody", Bars.of(1, 4), 12, progress));
        stage.does(ben, progress -> editor.transpose(name, "melody", Bars.of(9, 12), -12, progress));
        stage.playerReads(BARS_READ);
        stage.ends(clara, transposing);
    }

    private void overlappingBars() {
        stage.heading("Of edits whose bars overlap, the second waits for the first; the player does not");
        Task quantising =
                stage.begins(clara, 5, progress -> editor.quantise(name, "alto", Bars.of(1, 16), 8, progress));
        Task transposing =
                stage.waits(ben, "alto", 1, progress -> editor.transpose(name, "alto", Bars.of(1, 4), 12, progress));
        stage.playerReads(BARS_READ);
        stage.ends(clara, quantising);
        stage.ends(ben, transposing);
    }

    private void differentParts() {
        stage.heading(
                "Bars are cut and inserted in different parts at once; both move what comes later, so they reach to the end");
        Task inserting = stage.begins(clara, 13, progress -> editor.insert(name, "tenor", Bars.of(13, 14), progress));
        stage.does(ben, progress -> editor.cut(name, "bass", Bars.of(9, 12), progress));
        Task cutting = stage.waits(dora, "tenor", 16, progress -> editor.cut(name, "tenor", Bars.of(16, 16), progress));
        stage.ends(clara, inserting);
        stage.ends(dora, cutting);
    }

    private void undoInOrder() {
        stage.heading("Undo goes back in the order of the commits, whoever's they are; a new change ends redo");
        stage.menu();
        stage.undoes(ben);
        stage.undoes(dora);
        stage.undoes(clara);
        stage.redoes(dora);
        stage.menu();
        stage.undoes(dora);
    }

    private void severalParts() {
        stage.does(ben, progress -> editor.cutInAllParts(name, Bars.of(5, 8), progress));
        stage.redoes(dora);
    }

    private void failure() {
        stage.heading("An edit that fails half way has changed nothing, and is in no menu");
        Map<String, List<Note>> before = score.notes();
        Task transposing =
                stage.begins(dora, 8, progress -> editor.transpose(name, "bass", Bars.of(1, 12), -41, progress));
        stage.tell(
                "", "", "bars 1-7 are transposed by now: " + yes(!score.notes().equals(before)));
        stage.ends(dora, transposing);
        stage.tell("", "", "the notes are as before: " + yes(score.notes().equals(before)));
        stage.menu();
    }

    private void stalled() {
        stage.heading(
                "Whoever stalls between two calls of an open transaction loses it, and what it changed is restored");
        List<Note> before = score.part("tenor").notes();
        Task stalling = stage.begins(dora, 2, this::changeAndStall, "has changed a bar, and stalls");
        stage.tell(
                "",
                "",
                "the tenor has changed: " + yes(!score.part("tenor").notes().equals(before)));
        Task next =
                stage.waits(ben, "tenor", 2, progress -> editor.transpose(name, "tenor", Bars.of(2, 3), 12, progress));
        next.awaitStop();
        stage.tell(
                ben.name(),
                "sees",
                "the tenor is as before: " + yes(score.part("tenor").notes().equals(before)));
        stage.ends(ben, next);
        stage.ends(dora, stalling);
    }

    /** In a call of it a transaction is never idle; between the call and the commit it is, and that lasts too long here. */
    private void changeAndStall(Progress progress) {
        TransactionRequest request = TransactionRequest.of("Try something", PartStates.path(name, "tenor"), 1, 4);
        try (OpenTransaction open = transactions.begin(request)) {
            open.run(() -> editor.transpose(name, "tenor", Bars.of(2, 2), 2, Progress.NONE));
            progress.at(2);
            open.commit();
        }
    }

    private void backAndForth() {
        stage.heading(
                "Undoing everything gives back the notes of the file, and redoing everything what has become of them");
        Map<String, List<Note>> edited = score.notes();
        int changes = transactions.undoable(PartStates.path(name)).size();
        for (int i = 0; i < changes; i++) {
            stage.undoes(clara);
        }
        stage.tell(
                "", "", "the notes are those of the file: " + yes(score.notes().equals(original)));
        for (int i = 0; i < changes; i++) {
            stage.redoes(clara);
        }
        stage.tell("", "", "the notes are as edited: " + yes(score.notes().equals(edited)));
        stage.tell("", "", "nothing is locked any more: " + yes(stage.isNothingLocked()));
    }

    private static String yes(boolean is) {
        return is ? "yes" : "no";
    }

    @Override
    public void close() {
        player.close();
        clara.close();
        ben.close();
        dora.close();
    }
}
