package dev.objectlock.aspectj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLockedException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.annotation.Guarded;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.Lockable;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.annotation.ReleaseLock;
import dev.objectlock.annotation.Unrestricted;
import dev.objectlock.test.AsUser;
import dev.objectlock.test.ObjectLocksExtension;
import dev.objectlock.weave.Woven;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which methods are taken in, by what is on them, on their class and on annotations of one's own. */
@ExtendWith(ObjectLocksExtension.class)
@AsUser("alice")
class WhatIsWovenTest {

    @Retention(RetentionPolicy.RUNTIME)
    @ObjectLock(path = "cell:{cell}/robot", mode = LockMode.USER)
    @interface RobotCommand {}

    @Inherited
    @Retention(RetentionPolicy.RUNTIME)
    @ObjectLock(mode = LockMode.USER)
    @interface LockedObject {}

    @Retention(RetentionPolicy.RUNTIME)
    @interface EventListener {}

    static class Methods {
        @RobotCommand
        List<LockPath> composed(String cell) {
            return Hold.current().paths();
        }

        @ObjectLock(path = "p", mode = LockMode.USER)
        private List<LockPath> ofPrivate() {
            return Hold.current().paths();
        }

        List<LockPath> selfCall() {
            return ofPrivate();
        }

        @ObjectLock(path = "f", mode = LockMode.USER)
        final List<LockPath> ofFinal() {
            return Hold.current().paths();
        }

        @Guarded(path = "g", access = LockAccess.SHARED)
        @ObjectLock(path = "g/lock", mode = LockMode.USER)
        List<LockPath> guardedAndLocked() {
            return Hold.current().paths();
        }
    }

    @Lockable(path = "shelf:{name}")
    @ObjectLock(mode = LockMode.USER)
    static class Shelf {
        private final String name;

        Shelf(String name) {
            this.name = name;
        }

        public String getName() {
            return name;
        }

        public boolean holds() {
            return Hold.find().isPresent();
        }

        @ObjectLock(path = "{this}/other", mode = LockMode.MONITOR)
        public String own() {
            return Hold.current().paths().get(0).toString();
        }

        @Guarded
        public boolean guarded() {
            return Hold.find().isPresent();
        }

        @Unrestricted
        public boolean unrestricted() {
            return Hold.find().isPresent();
        }

        boolean notPublic() {
            return Hold.find().isPresent();
        }

        public static boolean ofStatic() {
            return Hold.find().isPresent();
        }

        @EventListener
        public boolean listener() {
            return Hold.find().isPresent();
        }

        public Stream<Boolean> stream() {
            return Stream.of(Hold.find().isPresent());
        }

        @Override
        public int hashCode() {
            return Hold.find().isPresent() ? 1 : 0;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }
    }

    static class Drawer extends Shelf {
        Drawer() {
            super("drawer");
        }

        public boolean added() {
            return Hold.find().isPresent();
        }

        @Override
        public boolean holds() {
            return Hold.find().isPresent();
        }

        @Override
        public String own() {
            return "overridden without the annotation, locked as the class says: "
                    + Hold.current().paths();
        }
    }

    @Lockable(path = "robot:{name}")
    @ObjectLock(mode = LockMode.USER, waitFor = "0s")
    static class Robot {
        final String name;

        Robot(String name) {
            this.name = name;
        }

        public void setSpeed() {}

        @Unrestricted
        public void stop(Robot other) {
            if (other != null) {
                other.stop(null);
            }
            setSpeed();
        }

        @Unrestricted
        @ReleaseLock
        public void stopAndRelease() {
            setSpeed();
        }
    }

    static class FastRobot extends Robot {
        FastRobot(String name) {
            super(name);
        }

        @Override
        public void stop(Robot other) {
            super.stop(other);
            setSpeed();
        }
    }

    @LockedObject
    @Lockable(path = "composed")
    static class Composed {
        public boolean holds() {
            return Hold.find().isPresent();
        }
    }

    @Test
    void annotationsOfOnesOwnPrivateFinalAndSelfCalledMethods() {
        Methods methods = new Methods();
        assertThat(methods.composed("7")).extracting(LockPath::toString).containsExactly("cell:7/robot");
        assertThat(methods.selfCall()).extracting(LockPath::toString).containsExactly("p");
        assertThat(methods.ofFinal()).extracting(LockPath::toString).containsExactly("f");
        assertThat(new Composed().holds()).isTrue();
    }

    @Test
    void guardsComeBeforeLocks(ObjectLocks locks) {
        Methods methods = new Methods();
        assertThat(methods.guardedAndLocked()).extracting(LockPath::toString).containsExactly("g/lock");
        LockPath g = LockPath.of("g");
        Hold others = locks.callAs(
                LockOwner.user("bob"),
                () -> locks.acquire(LockRequest.user(g).objectOnly().keep()));
        assertThatThrownBy(methods::guardedAndLocked)
                .isInstanceOfSatisfying(ObjectLockedException.class, refused -> assertThat(refused.blockingPath())
                        .isEqualTo(g));
        others.close();
    }

    @Test
    void aRuleOfAClassAndItsExemptions() {
        Shelf shelf = new Shelf("1");
        assertThat(shelf.holds()).isTrue();
        assertThat(shelf.own()).isEqualTo("shelf:1/other");
        assertThat(shelf.guarded()).isFalse();
        assertThat(shelf.unrestricted()).isFalse();
        assertThat(shelf.notPublic()).isFalse();
        assertThat(Shelf.ofStatic()).isFalse();
        assertThat(shelf.listener()).isFalse();
        assertThat(shelf.stream()).containsExactly(false);
        assertThat(shelf.hashCode()).isZero();
        assertThat(shelf.getName()).isEqualTo("1");
    }

    @Test
    void aRuleOfAClassHoldsForItsSubclasses() {
        Drawer drawer = new Drawer();
        assertThat(drawer.added()).isTrue();
        assertThat(drawer.holds()).isTrue();
        assertThat(drawer.own()).endsWith("[shelf:drawer]");
    }

    @Test
    void anEmergencyStopStopsWhateverItCallsAndWhoeverOverridesIt(ObjectLocks locks) {
        Robot left = new Robot("left");
        Robot right = new Robot("right");
        FastRobot fast = new FastRobot("fast");
        for (Robot robot : List.of(left, right, fast)) {
            locks.acquire(LockRequest.user(locks.pathOf(robot)).keep());
        }
        locks.runAs(LockOwner.user("bob"), () -> {
            left.stop(right);
            fast.stop(left);
            left.stopAndRelease();
            for (Robot robot : List.of(left, right, fast)) {
                assertThatThrownBy(robot::setSpeed).isInstanceOf(ObjectLockedException.class);
            }
        });
        left.stopAndRelease();
        right.stopAndRelease();
        fast.stopAndRelease();
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void whatIsTakenInIsMarked() {
        assertThat(marked(Methods.class))
                .containsExactlyInAnyOrder("composed", "ofPrivate", "ofFinal", "guardedAndLocked");
        assertThat(marked(Shelf.class))
                .contains("holds", "own", "guarded", "unrestricted")
                .doesNotContain("notPublic", "ofStatic");
        assertThat(marked(Drawer.class)).contains("added", "holds", "own");
        assertThat(marked(RobotCommand.class)).isEmpty();
    }

    private static List<String> marked(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Woven.class))
                .map(java.lang.reflect.Method::getName)
                .toList();
    }
}
