package dev.objectlock.examples.scoreeditor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.LockOwner;
import dev.objectlock.ObjectLocks;
import dev.objectlock.examples.scoreeditor.edit.Progress;
import dev.objectlock.examples.scoreeditor.score.Bars;
import dev.objectlock.examples.scoreeditor.score.Note;
import dev.objectlock.examples.scoreeditor.score.Part;
import dev.objectlock.test.AsUser;
import dev.objectlock.test.ObjectLocksExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Time stands still in here: whoever had to wait would wait until the test is given up. */
@ExtendWith(ObjectLocksExtension.class)
@Timeout(60)
class PlayerTest {

    @Test
    @AsUser("player")
    void everyBarCanBeReadWhileSomebodyStandsInsideAnEditOfAllParts(ObjectLocks locks) throws Exception {
        Desk desk = new Desk(locks);
        Inside writer = new Inside();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> edit = thread.submit(() -> locks.runAs(
                    LockOwner.user("clara"), () -> desk.editor.cutInAllParts(desk.name(), Bars.of(1, 8), writer)));
            writer.inside.await();

            List<Note> read = readAll(desk);

            assertThat(read).containsExactlyInAnyOrderElementsOf(all(desk.original.values()));
            assertThat(edit).isNotDone();
            writer.goOn.countDown();
            edit.get();
            assertThat(readAll(desk))
                    .containsExactlyInAnyOrderElementsOf(all(desk.score.notes().values()));
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    @AsUser("player")
    void readingMakesNoStepInTheMenuAndHoldsNothing(ObjectLocks locks) throws Exception {
        Desk desk = new Desk(locks);

        readAll(desk);

        assertThat(locks.transactions().histories()).isEmpty();
        assertThat(locks.roots()).isEmpty();
    }

    /** Somebody who has begun to edit and goes on when the test says so. */
    private static final class Inside implements Progress {
        private final CountDownLatch inside = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public void at(long bar) {
            inside.countDown();
            try {
                goOn.await();
            } catch (InterruptedException givenUp) {
                throw new IllegalStateException(givenUp);
            }
        }
    }

    private static List<Note> readAll(Desk desk) {
        List<Note> read = new ArrayList<>();
        for (long bar = 1; bar <= desk.score.lastBar(); bar++) {
            for (Part part : desk.score.parts()) {
                read.addAll(desk.editor.look(desk.name(), part.name(), bar));
            }
        }
        return read;
    }

    private static List<Note> all(Iterable<List<Note>> parts) {
        List<Note> all = new ArrayList<>();
        parts.forEach(all::addAll);
        return all;
    }
}
