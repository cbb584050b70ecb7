package dev.objectlock.examples.scoreeditor.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.examples.scoreeditor.score.Bars;
import dev.objectlock.examples.scoreeditor.score.Meter;
import dev.objectlock.examples.scoreeditor.score.Note;
import dev.objectlock.examples.scoreeditor.score.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EditsTest {

    /** A bar has 400 ticks, an eighth 50. */
    private static final Meter METER = new Meter(100, 4, 4);

    private final List<Long> seen = new ArrayList<>();

    @Test
    void transposingChangesTheKeysOfItsBarsAlone() {
        Part part = part(0, 399, 400, 799, 800);

        edits(part).transpose(Bars.of(2, 2), 3, seen::add);

        assertThat(part.notes()).extracting(Note::key).containsExactly(60, 60, 63, 63, 60);
        assertThat(ticks(part)).containsExactly(0L, 399L, 400L, 799L, 800L);
        assertThat(seen).containsExactly(2L);
    }

    @Test
    void transposingBeyondTheLastKeySaysWhereAndLeavesTheBarsBeforeAsTheyAreByThen() {
        Part part = new Part("melody", 0, 0, List.of(new Note(0, 1, 60, 1), new Note(400, 1, 120, 1)));

        assertThatThrownBy(() -> edits(part).transpose(Bars.of(1, 3), 12, seen::add))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the note at bar 2 has key 120, which by 12 would be 132; keys are 0 to 127");
        assertThat(part.notes()).extracting(Note::key).containsExactly(72, 120);
        assertThat(seen).containsExactly(1L, 2L);
    }

    @Test
    void quantisingMovesBeginningsToTheNearestPlaceOnTheGrid() {
        Part part = part(3, 24, 26, 74, 75, 399);

        edits(part).quantise(Bars.of(1, 2), 8, seen::add);

        assertThat(ticks(part)).containsExactly(0L, 0L, 50L, 50L, 100L, 400L);
        assertThat(seen).containsExactly(1L, 2L);
    }

    @Test
    void quantisingLeavesWhatWouldMoveBehindItsBars() {
        Part part = part(399);

        edits(part).quantise(Bars.of(1, 1), 8, Progress.NONE);

        assertThat(ticks(part)).containsExactly(399L);
    }

    @Test
    void aGridThatDoesNotFitTheBarBeginsAnewWithEachBar() {
        Part part = part(190, 310, 405);
        Meter threeQuarters = new Meter(100, 3, 4);

        new Edits(part, threeQuarters).quantise(Bars.of(1, 2), 2, Progress.NONE);

        assertThat(ticks(part)).containsExactly(200L, 300L, 500L);
    }

    @Test
    void cuttingTakesBarsOutAndWhatComesLaterMovesForward() {
        Part part = part(399, 400, 799, 1199, 1200, 1300);

        edits(part).cut(Bars.of(2, 3), seen::add);

        assertThat(ticks(part)).containsExactly(399L, 400L, 500L);
        assertThat(seen).containsExactly(2L);
    }

    @Test
    void insertingMakesRoomAndACutOfItTakesItAway() {
        Part part = part(399, 400, 900);

        edits(part).insert(Bars.of(2, 4), seen::add);
        assertThat(ticks(part)).containsExactly(399L, 1600L, 2100L);

        edits(part).cut(Bars.of(2, 4), seen::add);
        assertThat(ticks(part)).containsExactly(399L, 400L, 900L);
    }

    private static Edits edits(Part part) {
        return new Edits(part, METER);
    }

    private static Part part(long... ticks) {
        return new Part(
                "melody",
                0,
                0,
                LongStream.of(ticks)
                        .mapToObj(tick -> new Note(tick, 10, 60, 90))
                        .toList());
    }

    private static List<Long> ticks(Part part) {
        return part.notes().stream().map(Note::tick).toList();
    }
}
