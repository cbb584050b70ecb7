package dev.objectlock.examples.scoreeditor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.ObjectLocks;
import dev.objectlock.UndoEntry;
import dev.objectlock.examples.scoreeditor.edit.Progress;
import dev.objectlock.examples.scoreeditor.score.Bars;
import dev.objectlock.examples.scoreeditor.score.Note;
import dev.objectlock.test.AsUser;
import dev.objectlock.test.ObjectLocksExtension;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ObjectLocksExtension.class)
@AsUser("clara")
@Timeout(60)
class UndoTest {

    private Desk desk;

    @BeforeEach
    void open(ObjectLocks locks) throws Exception {
        desk = new Desk(locks);
    }

    @Test
    void eachUndoGivesBackTheNotesBeforeOneMoreEditAndEachRedoTheNotesAfterIt() {
        List<Map<String, List<Note>>> seen = new ArrayList<>();
        for (Runnable edit : edits()) {
            seen.add(desk.score.notes());
            edit.run();
        }
        Map<String, List<Note>> edited = desk.score.notes();

        for (int i = seen.size() - 1; i >= 0; i--) {
            desk.locks.transactions().undo(Desk.ROOT);
            assertThat(desk.score.notes()).isEqualTo(seen.get(i)).isNotEqualTo(edited);
        }
        assertThat(desk.score.notes()).isEqualTo(desk.original);
        for (int i = 1; i < seen.size(); i++) {
            desk.locks.transactions().redo(Desk.ROOT);
            assertThat(desk.score.notes()).isEqualTo(seen.get(i));
        }
        desk.locks.transactions().redo(Desk.ROOT);
        assertThat(desk.score.notes()).isEqualTo(edited);
    }

    @Test
    void theMenuNamesTheEditsAndTheirBars() {
        edits().forEach(Runnable::run);

        List<UndoEntry> menu = new ArrayList<>(desk.locks.transactions().undoable(Desk.ROOT));

        Collections.reverse(menu);
        assertThat(menu)
                .extracting(UndoEntry::name)
                .containsExactly(
                        "Transpose bars 1-4 by 12",
                        "Quantise bars 1-16 to 1/8",
                        "Insert bars 9-10",
                        "Cut bar 3",
                        "Cut bars 5-8 of all parts");
        assertThat(menu)
                .extracting(entry -> entry.parts().toString())
                .containsExactly(
                        "[score:ode-to-joy/part:melody [1, 5)]",
                        "[score:ode-to-joy/part:alto [1, 17)]",
                        "[score:ode-to-joy/part:tenor [9, 9223372036854775807)]",
                        "[score:ode-to-joy/part:bass [3, 9223372036854775807)]",
                        "[score:ode-to-joy/part:melody [5, 9223372036854775807),"
                                + " score:ode-to-joy/part:alto [5, 9223372036854775807),"
                                + " score:ode-to-joy/part:tenor [5, 9223372036854775807),"
                                + " score:ode-to-joy/part:bass [5, 9223372036854775807)]");
        assertThat(menu).extracting(entry -> entry.owner().name()).containsOnly("clara");
    }

    @Test
    void anEditThatFailsHalfWayHasChangedNothingAndIsInNoMenu() {
        List<Long> reached = new ArrayList<>();

        assertThatThrownBy(() -> desk.editor.transpose(desk.name(), "bass", Bars.of(1, 16), -41, reached::add))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the note at bar 12 has key 40");

        assertThat(reached).endsWith(12L);
        assertThat(desk.score.notes()).isEqualTo(desk.original);
        assertThat(desk.locks.transactions().undoable(Desk.ROOT)).isEmpty();
    }

    @Test
    void ofACutInAllPartsNothingIsLeftIfOnePartFails() {
        List<Long> told = new ArrayList<>();
        Progress failing = bar -> {
            told.add(bar);
            if (told.size() == 3) {
                throw new IllegalStateException("the window was closed");
            }
        };

        assertThatThrownBy(() -> desk.editor.cutInAllParts(desk.name(), Bars.of(1, 2), failing))
                .hasMessage("the window was closed");

        assertThat(desk.score.notes()).isEqualTo(desk.original);
        assertThat(desk.locks.transactions().undoable(Desk.ROOT)).isEmpty();
    }

    private List<Runnable> edits() {
        String name = desk.name();
        return List.of(
                () -> desk.editor.transpose(name, "melody", Bars.of(1, 4), 12, Progress.NONE),
                () -> desk.editor.quantise(name, "alto", Bars.of(1, 16), 8, Progress.NONE),
                () -> desk.editor.insert(name, "tenor", Bars.of(9, 10), Progress.NONE),
                () -> desk.editor.cut(name, "bass", Bars.of(3, 3), Progress.NONE),
                () -> desk.editor.cutInAllParts(name, Bars.of(5, 8), Progress.NONE));
    }
}
