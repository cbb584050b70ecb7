package dev.objectlock.aspectj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Extent;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.ObjectLockedException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.UndoParticipant;
import dev.objectlock.annotation.Guarded;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockTransaction;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.annotation.ReleaseLock;
import dev.objectlock.test.ObjectLocksExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the README shows, as it shows it. */
@ExtendWith(ObjectLocksExtension.class)
class ReadmeTest {

    @Test
    void doesWhatItSays(ObjectLocks locks) {
        RobotService robots = new RobotService();
        locks.runAs(LockOwner.user("alice"), () -> robots.take("7"));
        assertThatThrownBy(() -> locks.runAs(LockOwner.user("bob"), () -> robots.moveTo("7", 1, 2)))
                .isInstanceOf(ObjectLockedException.class)
                .hasMessage(
                        "call on cell:7/robot/arm for bob refused: alice holds a USER lock on cell:7/robot (kept since"
                                + " 2026-01-05T10:00:00Z, 1 min left); ask alice to release it");
        locks.runAs(LockOwner.user("alice"), () -> {
            robots.moveTo("7", 1, 2);
            robots.grip("7");
            robots.giveBack("7");
        });
        locks.runAs(LockOwner.user("bob"), () -> robots.moveTo("7", 1, 2));
    }

    @Test
    void aChangeCanBeUndone(ObjectLocks locks) {
        Melody melody = new Melody();
        LockPath score = LockPath.of("score:1");
        locks.runAs(LockOwner.user("clara"), () -> melody.transpose(0, 4, 3));
        assertThat(melody.pitches).containsExactly(67, 67, 68, 70, 67, 65, 64, 62);
        assertThatThrownBy(() -> melody.transpose(6, 10, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(melody.pitches).endsWith(64, 62);
        assertThat(locks.transactions().undo(score))
                .hasValueSatisfying(undone -> assertThat(undone.name()).isEqualTo("Transpose by 3"));
        assertThat(melody.pitches).containsExactly(64, 64, 65, 67, 67, 65, 64, 62);
        assertThat(locks.transactions().undo(score)).isEmpty();
        assertThat(locks.transactions().redo(score)).isPresent();
        assertThat(melody.pitches[0]).isEqualTo(67);
    }

    @Test
    void isTheCodeOfTheReadme() throws IOException {
        String readme = Files.readString(Path.of("../../README.md"));
        String test = Files.readString(Path.of("src/test/java/dev/objectlock/aspectj/ReadmeTest.java"));
        for (String type : new String[] {"class RobotService", "class Melody"}) {
            int begin = readme.indexOf("```java\n" + type) + 8;
            assertThat(begin).as(type).isGreaterThan(8);
            assertThat(test).contains(readme.substring(begin, readme.indexOf("```", begin)));
        }
        assertThat(readme.replace('\n', ' '))
                .contains("call on cell:7/robot/arm for bob refused: alice holds a USER lock on cell:7/robot"
                        + " (kept since 2026-01-05T10:00:00Z, 1 min left); ask alice to release it");
    }
}

// spotless:off
class RobotService {
    @ObjectLock(path = "cell:{cell}/robot", mode = LockMode.USER, keep = true, lease = "1m")
    void take(String cell) {} // this person has the robot and all below it, on any screen

    @Guarded(path = "cell:{cell}/robot/arm")
    void moveTo(String cell, double x, double y) {} // runs unless somebody else's lock is in the way

    @ObjectLock(path = "cell:{cell}/robot/gripper", mode = LockMode.MONITOR)
    void grip(String cell) {} // one execution at a time; others wait their turn

    @ReleaseLock(path = "cell:{cell}/robot")
    void giveBack(String cell) {}
}

class Melody implements UndoParticipant<int[]> { // knows its own state
    final int[] pitches = {64, 64, 65, 67, 67, 65, 64, 62};

    @LockTransaction(name = "Transpose by {by}", path = "score:1/part:melody", from = "{from}", to = "{to}")
    void transpose(int from, int to, int by) { // nobody else changes these notes meanwhile; others may
        for (int i = from; i < to; i++) pitches[i] += by;
    }

    @Override public int[] capture(LockPath path, Extent extent) {
        Objects.checkFromToIndex(extent.from(), extent.to(), pitches.length); // else nothing has happened yet
        return Arrays.copyOfRange(pitches, (int) extent.from(), (int) extent.to());
    }

    @Override public void restore(LockPath path, Extent extent, int[] before) {
        System.arraycopy(before, 0, pitches, (int) extent.from(), before.length);
    }
}
// spotless:on
