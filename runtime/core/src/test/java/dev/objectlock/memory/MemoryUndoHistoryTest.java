package dev.objectlock.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.ChangedPart;
import dev.objectlock.Extent;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.UndoEntry;
import dev.objectlock.UndoHistory;
import dev.objectlock.UndoHistory.Direction;
import dev.objectlock.UndoParticipant;
import dev.objectlock.UndoStep;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The order of steps, what goes on while one is undone, and the bounds. */
class MemoryUndoHistoryTest {

    private static final LockPath ONE = LockPath.of("score:1");
    private static final LockPath TWO = LockPath.of("score:2");

    private static final UndoParticipant<Object> PARTICIPANT = new UndoParticipant<>() {
        @Override
        public Object capture(LockPath path, @Nullable Extent extent) {
            return "";
        }

        @Override
        public void restore(LockPath path, @Nullable Extent extent, Object state) {}
    };

    private final UndoHistory history = UndoHistory.inMemory(50, 1 << 20);
    private long ids;

    private UndoStep step(LockPath root, String name) {
        return step(root, name, 0);
    }

    private UndoStep step(LockPath root, String name, long bytes) {
        ChangedPart part = new ChangedPart(root.child("part:" + name), new Extent(0, 10));
        UndoEntry entry = new UndoEntry(
                root, ++ids, name, List.of(part), LockOwner.user("alice"), Instant.EPOCH.plusSeconds(ids));
        return new UndoStep(entry, List.of(new UndoStep.State(part, PARTICIPANT, "before " + name, bytes)));
    }

    private void commit(UndoHistory into, UndoStep... steps) {
        for (UndoStep step : steps) {
            into.commit(step);
        }
    }

    private static List<String> names(UndoHistory of, LockPath root, Direction direction) {
        return of.list(root, direction).stream().map(UndoEntry::name).toList();
    }

    private void assertStacks(List<String> undo, List<String> redo) {
        assertThat(names(history, ONE, Direction.UNDO)).as("undo").isEqualTo(undo);
        assertThat(names(history, ONE, Direction.REDO)).as("redo").isEqualTo(redo);
    }

    private static UndoStep back(UndoStep step) {
        UndoStep.State before = step.states().get(0);
        return new UndoStep(
                step.entry(),
                List.of(new UndoStep.State(before.part(), before.participant(), before.state() + "'", before.bytes())));
    }

    private UndoStep start(Direction direction) {
        UndoStep next = history.next(ONE, direction).orElseThrow();
        assertThat(history.start(next, direction)).isTrue();
        return next;
    }

    private void swap(Direction direction) {
        UndoStep step = start(direction);
        history.finish(step, direction, back(step));
    }

    @Test
    void stepsGoBackAndForthInTheOrderOfTheirCommits() {
        commit(history, step(ONE, "a"), step(ONE, "b"), step(TWO, "x"), step(ONE, "c"));
        swap(Direction.UNDO);
        swap(Direction.UNDO);
        assertStacks(List.of("a"), List.of("b", "c"));
        swap(Direction.REDO);
        assertStacks(List.of("b", "a"), List.of("c"));
        assertThat(history.next(ONE, Direction.UNDO)
                        .orElseThrow()
                        .states()
                        .get(0)
                        .state())
                .isEqualTo("before b''");
        commit(history, step(ONE, "d"));
        assertStacks(List.of("d", "b", "a"), List.of());
        assertThat(names(history, TWO, Direction.UNDO)).containsExactly("x");
        assertThat(history.roots()).containsExactly(ONE, TWO);
    }

    @Test
    void onlyTheTopCanBeStartedAndOnlyOnce() {
        UndoStep first = step(ONE, "a");
        UndoStep second = step(ONE, "b");
        commit(history, first, second);
        assertThat(history.start(first, Direction.UNDO)).isFalse();
        assertThat(history.start(second, Direction.REDO)).isFalse();
        assertThat(history.start(second, Direction.UNDO)).isTrue();
        assertThat(history.start(second, Direction.UNDO)).isFalse();
        history.finish(second, Direction.UNDO, back(second));
        assertThat(history.start(second, Direction.REDO))
                .as("what it leads to is not known by now")
                .isFalse();
        swap(Direction.REDO);
    }

    @Test
    void whatCommitsWhileAStepIsUndoneComesAfterIt() {
        commit(history, step(ONE, "a"), step(ONE, "b"));
        UndoStep undone = start(Direction.UNDO);
        commit(history, step(ONE, "c"));
        history.finish(undone, Direction.UNDO, back(undone));
        assertStacks(List.of("c", "a"), List.of());

        UndoStep kept = start(Direction.UNDO);
        commit(history, step(ONE, "d"));
        history.abandon(kept, Direction.UNDO);
        assertStacks(List.of("d", "c", "a"), List.of());
    }

    @Test
    void whatCommitsWhileAStepIsRedoneComesAfterIt() {
        commit(history, step(ONE, "a"), step(ONE, "b"));
        swap(Direction.UNDO);
        swap(Direction.UNDO);
        UndoStep redone = start(Direction.REDO);
        commit(history, step(ONE, "c"));
        history.finish(redone, Direction.REDO, back(redone));
        assertStacks(List.of("c", "a"), List.of());

        swap(Direction.UNDO);
        UndoStep failed = start(Direction.REDO);
        history.abandon(failed, Direction.REDO);
        assertStacks(List.of("a"), List.of("c"));
        UndoStep dropped = start(Direction.REDO);
        commit(history, step(ONE, "d"));
        history.abandon(dropped, Direction.REDO);
        assertStacks(List.of("d", "a"), List.of());
    }

    @Test
    void whatIsForgottenWhileItIsUndoneStaysForgotten() {
        commit(history, step(ONE, "a"));
        UndoStep undone = start(Direction.UNDO);
        assertThat(history.clear(ONE, Long.MAX_VALUE))
                .extracting(UndoEntry::name)
                .containsExactly("a");
        history.finish(undone, Direction.UNDO, back(undone));
        assertStacks(List.of(), List.of());
        assertThat(history.roots()).isEmpty();
    }

    @Test
    void onlyEarlierStepsAreForgotten() {
        commit(history, step(ONE, "a"), step(ONE, "b"));
        long before = ids;
        assertThat(history.clear(ONE, before)).extracting(UndoEntry::name).containsExactly("a");
        assertStacks(List.of("b"), List.of());
        assertThat(history.clear(TWO, before)).isEmpty();
    }

    @Test
    void theOldestStepsOfARootAreForgotten() {
        UndoHistory small = UndoHistory.inMemory(2, 1 << 20);
        commit(small, step(ONE, "a"), step(TWO, "x"), step(ONE, "b"), step(ONE, "c"));
        assertThat(names(small, ONE, Direction.UNDO)).containsExactly("c", "b");
        assertThat(names(small, TWO, Direction.UNDO)).containsExactly("x");
    }

    @Test
    void theOldestStepsOfAllAreForgottenBeyondTheBytes() {
        UndoHistory small = UndoHistory.inMemory(50, 10_000);
        commit(small, step(ONE, "a", 4_000), step(TWO, "x", 1_000), step(TWO, "y", 4_000), step(TWO, "z", 2_000));
        assertThat(names(small, ONE, Direction.UNDO)).isEmpty();
        assertThat(names(small, TWO, Direction.UNDO)).containsExactly("z", "y", "x");
        assertThat(small.roots()).containsExactly(TWO);
    }

    @Test
    void aStepThatIsTooLargeIsNotKeptNorWhatCameBeforeIt() {
        UndoHistory small = UndoHistory.inMemory(50, 10_000);
        commit(small, step(ONE, "a"), step(TWO, "x"), step(ONE, "huge", 10_000));
        assertThat(names(small, ONE, Direction.UNDO)).isEmpty();
        assertThat(names(small, TWO, Direction.UNDO)).containsExactly("x");
        commit(small, step(ONE, "b"));
        assertThat(names(small, ONE, Direction.UNDO)).containsExactly("b");
    }

    @Test
    void whatGrowsWhenItIsUndoneCountsToo() {
        UndoHistory small = UndoHistory.inMemory(50, 10_000);
        UndoStep step = step(ONE, "a", 10);
        commit(small, step(TWO, "x", 5_000), step);
        assertThat(small.start(step, Direction.UNDO)).isTrue();
        UndoStep.State before = step.states().get(0);
        small.finish(
                step,
                Direction.UNDO,
                new UndoStep(
                        step.entry(),
                        List.of(new UndoStep.State(before.part(), before.participant(), "large", 6_000))));
        assertThat(names(small, TWO, Direction.UNDO)).isEmpty();
        assertThat(names(small, ONE, Direction.REDO)).containsExactly("a");
    }

    @Test
    void stepsFollowTheObjectsThatAreMoved() {
        UndoStep step = step(ONE, "a");
        commit(history, step, step(ONE, "b"));
        swap(Direction.UNDO);
        UndoStep undone = start(Direction.UNDO);
        LockPath to = ONE.child("part:moved");
        history.moved(ONE.child("part:a"), to);
        history.finish(undone, Direction.UNDO, back(undone));
        UndoStep redo = history.next(ONE, Direction.REDO).orElseThrow();
        assertThat(redo.entry().parts()).containsExactly(new ChangedPart(to, new Extent(0, 10)));
        assertThat(redo.states().get(0).part().path()).isEqualTo(to);
        assertThat(redo.states().get(0).state()).isEqualTo("before a'");
    }

    @Test
    void boundsAreNotLessThanOne() {
        assertThatThrownBy(() -> UndoHistory.inMemory(0, 10)).isInstanceOf(LockConfigurationException.class);
        assertThatThrownBy(() -> UndoHistory.inMemory(10, 0)).isInstanceOf(LockConfigurationException.class);
    }

    @Test
    void sizesOfCommonStatesAreKnown() {
        assertThat(PARTICIPANT.bytes(new long[10])).isEqualTo(80);
        assertThat(PARTICIPANT.bytes(new int[10])).isEqualTo(40);
        assertThat(PARTICIPANT.bytes(new short[10])).isEqualTo(20);
        assertThat(PARTICIPANT.bytes(new byte[10])).isEqualTo(10);
        assertThat(PARTICIPANT.bytes("0123456789")).isEqualTo(20);
        assertThat(PARTICIPANT.bytes(List.of())).isZero();
    }
}
