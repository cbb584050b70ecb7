package dev.objectlock.aspectj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockPath;
import dev.objectlock.ObjectLocks;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockParent;
import dev.objectlock.annotation.Lockable;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.test.AsUser;
import dev.objectlock.test.ObjectLocksExtension;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** From placeholders and objects to paths, through woven methods. */
@ExtendWith(ObjectLocksExtension.class)
@AsUser("alice")
class PathsOfCallsTest {

    private final Paths paths = new Paths();

    record Draft(String uid, Author author) {}

    static class Author {
        private final String key;
        private final boolean guest;

        Author(String key, boolean guest) {
            this.key = key;
            this.guest = guest;
        }

        public String getName() {
            return "Dr. " + key;
        }

        public boolean isGuest() {
            return guest;
        }

        String secret() {
            return key;
        }
    }

    @Lockable(path = "cell:{id}")
    record Cell(int id) {}

    @Lockable(path = "{name}")
    record Robot(@LockParent Cell cell, String name) {
        @ObjectLock(path = "{this}/gripper", mode = LockMode.MONITOR)
        String grip() {
            return path();
        }

        @ObjectLock(mode = LockMode.USER)
        String move() {
            return path();
        }
    }

    @Lockable(path = "part:{serial}")
    static class Loose {
        @LockParent
        private final LockPath above;

        private final long serial = 7;

        Loose(LockPath above) {
            this.above = above;
        }

        long serial() {
            return serial;
        }

        LockPath above() {
            return above;
        }
    }

    @Lockable(path = "{name}")
    static class Ring {
        String name = "ring";

        @LockParent
        Ring above = this;
    }

    @Lockable(path = "{this}")
    static class Itself {}

    @Lockable(path = "{other}/x")
    static class Through {
        Through other = this;
    }

    record Nameless() {
        @Override
        @SuppressWarnings("ToStringReturnsNull")
        public String toString() {
            return null;
        }
    }

    static String path() {
        return Hold.current().paths().get(0).toString();
    }

    static class Paths {
        @ObjectLock(path = "x:{value}", mode = LockMode.MONITOR)
        String object(Object value) {
            return path();
        }

        @ObjectLock(path = "x:{first}/{second}/fix", mode = LockMode.MONITOR)
        String two(String first, long second) {
            return path();
        }

        @ObjectLock(
                path = "draft:{draft.uid}/{draft.author.name}/{draft.author.guest}/{draft.author.key}",
                mode = LockMode.MONITOR)
        String properties(Draft draft) {
            return path();
        }

        @ObjectLock(path = "{path}/below", mode = LockMode.MONITOR)
        String below(LockPath path) {
            return path();
        }

        @ObjectLock(path = "{robot}", mode = LockMode.MONITOR)
        String robot(Object robot) {
            return path();
        }

        @ObjectLock(path = "a:{value}", mode = LockMode.MONITOR)
        @ObjectLock(
                path = {"a:{value}/x", "a:{value}/y"},
                mode = LockMode.USER)
        List<LockPath> several(String value) {
            return Hold.current().paths();
        }

        @ObjectLock(path = "x/{robot}", mode = LockMode.MONITOR)
        void lockableBelow(Robot robot) {}

        @ObjectLock(path = "x:{robot}", mode = LockMode.MONITOR)
        void lockableWithText(Robot robot) {}

        @ObjectLock(mode = LockMode.MONITOR)
        void noPath() {}
    }

    @Test
    void valuesBecomeSegments(ObjectLocks locks) {
        UUID uuid = UUID.fromString("00000000-0000-0001-0000-000000000002");
        assertThat(paths.object("text")).isEqualTo("x:text");
        assertThat(paths.object(java.nio.CharBuffer.wrap("a/b%"))).isEqualTo("x:a%2Fb%25");
        assertThat(paths.object(42)).isEqualTo("x:42");
        assertThat(paths.object((short) -1)).isEqualTo("x:-1");
        assertThat(paths.object(true)).isEqualTo("x:true");
        assertThat(paths.object(DayOfWeek.MONDAY)).isEqualTo("x:MONDAY");
        assertThat(paths.object(uuid)).isEqualTo("x:" + uuid);
        assertThat(paths.object(new Draft("7", null))).isEqualTo("x:Draft[uid=7, author=null]");
        assertThat(paths.two("one", 2)).isEqualTo("x:one/2/fix");
        assertThat(paths.several("v")).extracting(LockPath::toString).containsExactly("a:v", "a:v/x", "a:v/y");
    }

    @Test
    void propertiesAreAccessorsGettersAndFields() {
        assertThat(paths.properties(new Draft("7", new Author("K", true)))).isEqualTo("draft:7/Dr. K/true/K");
    }

    @Test
    void objectsStandForTheirWholePath(ObjectLocks locks) {
        Robot robot = new Robot(new Cell(3), "left");
        assertThat(locks.pathOf(robot)).hasToString("cell:3/left");
        assertThat(robot.grip()).isEqualTo("cell:3/left/gripper");
        assertThat(robot.move()).isEqualTo("cell:3/left");
        assertThat(paths.robot(robot)).isEqualTo("cell:3/left");
        assertThat(paths.below(LockPath.of("a", "b"))).isEqualTo("a/b/below");
        assertThat(new Robot(null, "lone").move()).as("null ends the path").isEqualTo("lone");
        assertThat(locks.pathOf(new Loose(LockPath.of("shelf:1", "box")))).hasToString("shelf:1/box/part:7");
    }

    @Test
    void valuesThatNameNothingAreErrorsThatSayWhere() {
        assertThatThrownBy(() -> paths.object(null))
                .isInstanceOf(LockConfigurationException.class)
                .hasMessage("{value} of Paths.object(Object) is null");
        assertThatThrownBy(() -> paths.object("")).hasMessageContaining("{value} of Paths.object(Object) is empty");
        assertThatThrownBy(() -> paths.object(List.of("a"))).hasMessageContaining("is a collection");
        assertThatThrownBy(() -> paths.object(new int[] {1})).hasMessageContaining("is a collection");
        assertThatThrownBy(() -> paths.object(1.5)).hasMessageContaining("whole number");
        assertThatThrownBy(() -> paths.object(BigDecimal.ONE)).hasMessageContaining("whole number");
        assertThatThrownBy(() -> paths.object(new Author("k", false))).hasMessageContaining("no toString() of its own");
        assertThatThrownBy(() -> paths.object("x".repeat(2000))).hasMessageContaining("bytes");
        assertThatThrownBy(() -> paths.object("\uD83D")).hasMessageContaining("surrogate");
        assertThatThrownBy(() -> paths.properties(new Draft("7", null)))
                .hasMessageContaining("{draft.author.name}")
                .hasMessageContaining("is null");
        assertThatThrownBy(() -> paths.lockableBelow(new Robot(null, "r"))).hasMessageContaining("whole first segment");
        assertThatThrownBy(() -> paths.lockableWithText(new Robot(null, "r"))).hasMessageContaining("text beside it");
        assertThatThrownBy(paths::noPath).hasMessageContaining("is not @Lockable");
        assertThatThrownBy(() -> paths.robot(new Ring())).hasMessageContaining("circle");
        assertThatThrownBy(() -> paths.robot(new Itself())).hasMessageContaining("the path itself");
        assertThatThrownBy(() -> paths.robot(new Through())).hasMessageContaining("@LockParent");
        assertThatThrownBy(() -> paths.object(new Nameless())).hasMessageContaining("returns null");
    }

    @Test
    void accessorsThatFailLeaveNothingBehind(ObjectLocks locks) {
        record Hostile() {
            @Override
            public String toString() {
                throw new IllegalStateException("hostile");
            }
        }
        assertThatThrownBy(() -> paths.object(new Hostile())).isInstanceOf(IllegalStateException.class);
        assertThat(paths.object("fine")).isEqualTo("x:fine");
    }
}
