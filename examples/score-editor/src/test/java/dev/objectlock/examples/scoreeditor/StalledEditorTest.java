package dev.objectlock.examples.scoreeditor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.LockLostException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockStatus;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OpenTransaction;
import dev.objectlock.TransactionRequest;
import dev.objectlock.examples.scoreeditor.edit.PartStates;
import dev.objectlock.examples.scoreeditor.edit.Progress;
import dev.objectlock.examples.scoreeditor.score.Bars;
import dev.objectlock.examples.scoreeditor.score.Note;
import dev.objectlock.test.AsUser;
import dev.objectlock.test.ObjectLocksExtension;
import dev.objectlock.test.TestTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ObjectLocksExtension.class)
@AsUser("dora")
@Timeout(60)
class StalledEditorTest {

    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration A_MOMENT = Duration.ofMillis(1);

    private Desk desk;

    @BeforeEach
    void open(ObjectLocks locks) throws Exception {
        desk = new Desk(locks);
    }

    @Test
    void whatAStalledEditorHasChangedIsRestoredAndTheLateCommitSaysSo(TestTime time) {
        try (OpenTransaction open = beginAndChange()) {
            List<Note> changed = desk.notes("tenor");
            assertThat(changed).isNotEqualTo(desk.original.get("tenor"));
            time.advance(IDLE.minus(A_MOMENT));
            assertThat(desk.notes("tenor")).isEqualTo(changed);

            time.advance(A_MOMENT);

            awaitFree();
            assertThat(desk.notes("tenor")).isEqualTo(desk.original.get("tenor"));
            assertThatThrownBy(open::commit)
                    .isInstanceOf(LockLostException.class)
                    .hasMessageContaining("Try something");
            assertThat(desk.score.notes()).isEqualTo(desk.original);
            assertThat(desk.locks.transactions().undoable(Desk.ROOT)).isEmpty();
        }
    }

    @Test
    void whoeverWaitsForAStalledEditorGetsInAndFindsTheNotesAsTheyWere(TestTime time) {
        try (OpenTransaction open = beginAndChange()) {
            AtomicReference<List<Note>> seen = new AtomicReference<>();
            CompletableFuture<Void> ben = editAsBen(bar -> seen.set(desk.notes("tenor")));
            awaitWaiter();
            assertThat(seen).hasNullValue();

            time.advance(IDLE);

            ben.join();
            assertThat(seen.get()).isEqualTo(desk.original.get("tenor"));
            assertThatThrownBy(open::commit).isInstanceOf(LockLostException.class);
        }
        assertThat(desk.undoEverything())
                .singleElement()
                .satisfies(entry -> assertThat(entry.owner().name()).isEqualTo("ben"));
        assertThat(desk.score.notes()).isEqualTo(desk.original);
    }

    @Test
    void anEditorWhoDoesSomethingEveryFewSecondsKeepsTheTransactionAndItIsOneStep(TestTime time) {
        try (OpenTransaction open = beginAndChange()) {
            for (int i = 0; i < 5; i++) {
                time.advance(Duration.ofSeconds(6));
                open.run(() -> desk.editor.transpose(desk.name(), "tenor", Bars.of(1, 2), 1, Progress.NONE));
            }
            open.commit();
        }
        assertThat(desk.undoEverything()).singleElement().satisfies(entry -> assertThat(entry.name())
                .isEqualTo("Try something"));
        assertThat(desk.score.notes()).isEqualTo(desk.original);
    }

    private OpenTransaction beginAndChange() {
        OpenTransaction open = desk.locks
                .transactions()
                .begin(TransactionRequest.of("Try something", PartStates.path(desk.name(), "tenor"), 1, 4));
        open.run(() -> desk.editor.transpose(desk.name(), "tenor", Bars.of(1, 2), 2, Progress.NONE));
        return open;
    }

    private CompletableFuture<Void> editAsBen(Progress progress) {
        return CompletableFuture.runAsync(() -> desk.locks.runAs(
                LockOwner.user("ben"), () -> desk.editor.transpose(desk.name(), "tenor", Bars.of(2, 2), 12, progress)));
    }

    private void awaitWaiter() {
        while (tenor().waiters().isEmpty()) {
            LockSupport.parkNanos(100_000);
        }
    }

    /** Another thread restores and then gives back, so that whoever gets in finds it restored. */
    private void awaitFree() {
        while (!tenor().isFree()) {
            LockSupport.parkNanos(100_000);
        }
    }

    private LockStatus tenor() {
        return desk.locks.status(PartStates.path(desk.name(), "tenor"));
    }
}
