package dev.objectlock.examples.scoreeditor.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Extent;
import dev.objectlock.LockPath;
import dev.objectlock.examples.scoreeditor.score.Meter;
import dev.objectlock.examples.scoreeditor.score.Note;
import dev.objectlock.examples.scoreeditor.score.Part;
import dev.objectlock.examples.scoreeditor.score.Score;
import dev.objectlock.examples.scoreeditor.score.Scores;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartStatesTest {

    /** A bar has 400 ticks. */
    private static final Meter METER = new Meter(100, 4, 4);

    private static final Note LAST_BEFORE = new Note(399, 900, 60, 90);
    private static final Note FIRST_IN = new Note(400, 10, 61, 90);
    private static final Note LAST_IN = new Note(1199, 900, 62, 90);
    private static final Note FIRST_BEHIND = new Note(1200, 10, 63, 90);

    private final Part part = new Part("alto/2", 0, 0, List.of(LAST_BEFORE, FIRST_IN, LAST_IN, FIRST_BEHIND));
    private final PartStates states =
            new PartStates(new Scores(List.of(new Score("a/b", METER, 500_000, List.of(part)))));
    private final LockPath path = PartStates.path("a/b", "alto/2");
    private final Extent barsTwoAndThree = new Extent(2, 4);

    @Test
    void theStateOfSomeBarsIsTheNotesThatBeginInThem() {
        assertThat(states.capture(path, barsTwoAndThree)).containsExactly(FIRST_IN, LAST_IN);
        assertThat(states.capture(path, new Extent(3, Long.MAX_VALUE))).containsExactly(LAST_IN, FIRST_BEHIND);
        assertThat(states.capture(path, null)).isEqualTo(part.notes());
    }

    @Test
    void restoringReplacesWhateverIsInTheBarsByThenAndNothingElse() {
        List<Note> state = states.capture(path, barsTwoAndThree);
        List<Note> before = part.notes();
        part.change(400, 1200, notes -> List.of(new Note(401, 1, 1, 1), new Note(1000, 1, 1, 1)));

        states.restore(path, barsTwoAndThree, state);

        assertThat(part.notes()).isEqualTo(before);
    }

    @Test
    void whatOthersHaveChangedOutsideStaysWhenBarsAreRestored() {
        List<Note> state = states.capture(path, barsTwoAndThree);
        part.change(0, Long.MAX_VALUE, notes -> List.of(LAST_BEFORE.transposed(1), FIRST_BEHIND.transposed(1)));

        states.restore(path, barsTwoAndThree, state);

        assertThat(part.notes())
                .containsExactly(LAST_BEFORE.transposed(1), FIRST_IN, LAST_IN, FIRST_BEHIND.transposed(1));
    }

    @Test
    void aPartOrScoreThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> states.capture(PartStates.path("a/b", "viola"), null))
                .hasMessage("a/b has no part 'viola', only [alto/2]");
        assertThatThrownBy(() -> states.capture(PartStates.path("c", "alto/2"), null))
                .hasMessage("no score 'c' is open, only [a/b]");
    }
}
