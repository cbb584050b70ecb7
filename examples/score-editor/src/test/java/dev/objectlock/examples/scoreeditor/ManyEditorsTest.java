package dev.objectlock.examples.scoreeditor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.LockOwner;
import dev.objectlock.ObjectLocks;
import dev.objectlock.examples.scoreeditor.edit.Progress;
import dev.objectlock.examples.scoreeditor.score.Bars;
import dev.objectlock.examples.scoreeditor.score.Note;
import dev.objectlock.test.ObjectLocksExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several threads edit random bars of random parts at once. */
@ExtendWith(ObjectLocksExtension.class)
@Timeout(120)
class ManyEditorsTest {

    private static final int EDITORS = 4;

    /** Together fewer than the history keeps. */
    private static final int EDITS_EACH = 12;

    static Stream<Long> seeds() {
        return LongStream.rangeClosed(1, 20).boxed();
    }

    /** What one editor did: how many edits succeeded. */
    @FunctionalInterface
    interface Session {
        int run(Random random);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void undoingEverythingGivesBackTheOriginalNotesExactlyAndRedoingItTheEditedOnes(long seed, ObjectLocks locks)
            throws Exception {
        Desk desk = new Desk(locks);

        int edits = atOnce(locks, seed, random -> edit(desk, random));

        Map<String, List<Note>> edited = desk.score.notes();
        assertThat(desk.undoEverything()).hasSize(edits);
        assertThat(desk.score.notes()).isEqualTo(desk.original);
        assertThat(desk.redoEverything()).isEqualTo(edits);
        assertThat(desk.score.notes()).isEqualTo(edited);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whoeverUndoesAndRedoesMeanwhileTheOriginalNotesAreGivenBack(long seed, ObjectLocks locks) throws Exception {
        Desk desk = new Desk(locks);

        atOnce(locks, seed, random -> editAndUndo(desk, random));

        desk.undoEverything();
        assertThat(desk.score.notes()).isEqualTo(desk.original);
    }

    private static int edit(Desk desk, Random random) {
        int succeeded = 0;
        for (int i = 0; i < EDITS_EACH; i++) {
            succeeded += randomEdit(desk, random);
        }
        return succeeded;
    }

    private static int editAndUndo(Desk desk, Random random) {
        for (int i = 0; i < EDITS_EACH; i++) {
            switch (random.nextInt(4)) {
                case 0 -> desk.locks.transactions().undo(Desk.ROOT);
                case 1 -> desk.locks.transactions().redo(Desk.ROOT);
                default -> randomEdit(desk, random);
            }
        }
        return 0;
    }

    /** Returns 1, or 0 if a note would have left the keyboard. */
    private static int randomEdit(Desk desk, Random random) {
        String part = List.of("melody", "alto", "tenor", "bass").get(random.nextInt(4));
        int first = 1 + random.nextInt(16);
        Bars bars = Bars.of(first, first + random.nextInt(6));
        Progress slow = bar -> LockSupport.parkNanos(1);
        try {
            switch (random.nextInt(8)) {
                case 0 -> desk.editor.cut(desk.name(), part, bars, slow);
                case 1 -> desk.editor.insert(desk.name(), part, bars, slow);
                case 2 -> desk.editor.cutInAllParts(desk.name(), bars, slow);
                case 3, 4 -> desk.editor.quantise(desk.name(), part, bars, 1 << random.nextInt(5), slow);
                default -> desk.editor.transpose(desk.name(), part, bars, random.nextInt(120) - 60, slow);
            }
            return 1;
        } catch (IllegalArgumentException leftTheKeyboard) {
            assertThat(leftTheKeyboard).hasMessageContaining("keys are 0 to 127");
            return 0;
        }
    }

    private static int atOnce(ObjectLocks locks, long seed, Session session) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(EDITORS);
        try {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < EDITORS; i++) {
                LockOwner editor = LockOwner.user("editor " + i);
                Random random = new Random(seed * EDITORS + i);
                all.add(threads.submit(() -> locks.callAs(editor, () -> session.run(random))));
            }
            int sum = 0;
            for (Future<Integer> one : all) {
                sum += one.get();
            }
            return sum;
        } finally {
            threads.shutdownNow();
        }
    }
}
