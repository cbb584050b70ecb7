package dev.objectlock.aspectj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.LockOwner;
import dev.objectlock.ObjectLockedException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.annotation.Guarded;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.annotation.ReleaseLock;
import dev.objectlock.test.ObjectLocksExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void isTheCodeOfTheReadme() throws IOException {
        String readme = Files.readString(Path.of("../../README.md"));
        String first = readme.substring(readme.indexOf("```java\n") + 8);
        String code = first.substring(0, first.indexOf("```"));
        assertThat(code).startsWith("class RobotService");
        assertThat(Files.readString(Path.of("src/test/java/dev/objectlock/aspectj/ReadmeTest.java")))
                .contains(code);
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
// spotless:on
