package dev.objectlock.examples.scoreeditor.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PartTest {

    private static final Note FIRST = new Note(0, 10, 60, 90);
    private static final Note SECOND = new Note(100, 10, 62, 90);
    private static final Note THIRD = new Note(200, 10, 64, 90);

    private final Part part = new Part("melody", 0, 0, List.of(THIRD, FIRST, SECOND));

    @Test
    void notesAreInOrderAndAStretchHasThoseThatBeginInIt() {
        assertThat(part.notes()).containsExactly(FIRST, SECOND, THIRD);
        assertThat(part.notes(100, 200)).containsExactly(SECOND);
        assertThat(part.notes(101, 201)).containsExactly(THIRD);
    }

    @Test
    void aChangeReplacesItsStretchAndNothingElse() {
        part.change(50, 150, notes -> List.of(new Note(60, 500, 70, 1)));

        assertThat(part.notes()).containsExactly(FIRST, new Note(60, 500, 70, 1), THIRD);
    }

    @Test
    void aChangeThatLeavesItsStretchIsRefusedAndChangesNothing() {
        assertThatThrownBy(() -> part.change(50, 150, notes -> List.of(SECOND.at(150))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[50, 150) of melody");
        assertThat(part.notes()).containsExactly(FIRST, SECOND, THIRD);
    }

    @Test
    void whatAReaderHasGotDoesNotChange() {
        List<Note> before = part.notes();

        part.change(0, Long.MAX_VALUE, notes -> List.of());

        assertThat(before).containsExactly(FIRST, SECOND, THIRD);
        assertThat(part.notes()).isEmpty();
    }

    @Test
    void changesOfDifferentStretchesAtTheSameTimeDoNotLoseEachOther() throws Exception {
        int threads = 4;
        int times = 500;
        Part busy = new Part("bass", 0, 0, List.of());
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                long begin = 10_000L * i;
                all.add(pool.submit(() -> addOneByOne(busy, begin, times)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(busy.notes()).hasSize(threads * times);
    }

    private static void addOneByOne(Part busy, long begin, int times) {
        for (int i = 0; i < times; i++) {
            Note next = new Note(begin + i, 1, 60, 90);
            busy.change(begin, begin + 10_000, notes -> {
                List<Note> more = new ArrayList<>(notes);
                more.add(next);
                return more;
            });
        }
    }
}
