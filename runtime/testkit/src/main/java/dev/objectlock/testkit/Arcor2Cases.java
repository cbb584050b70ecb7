package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Attempt;
import dev.objectlock.Hold;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLockedException;
import dev.objectlock.Refused;
import dev.objectlock.testkit.fixtures.Device;
import dev.objectlock.testkit.fixtures.Instrument;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Editing a scene or project together, as in ARCOR2. */
public abstract class Arcor2Cases extends BackendCases {

    private final Device project = new Device(null, "prj");
    private final Device a = new Device(project, "a");
    private final Device x = new Device(a, "x");
    private final Device b = new Device(project, "b");
    private final LockPath pathA = LockPath.of("prj", "a");
    private final LockPath pathX = LockPath.of("prj", "a", "x");

    /** For the subclasses. */
    protected Arcor2Cases() {}

    @Test
    void ar01_aTreeLockIsSeenBelowAndNotBeside() {
        as("u1/c1", a::keepUser);
        assertThat(locks.status(pathX).holds())
                .singleElement()
                .satisfies(hold -> assertThat(hold.owner().user()).isEqualTo("u1"));
        assertThat(locks.status(LockPath.of("prj", "b")).isFree()).isTrue();
        assertThat(locks.status(LockPath.of("prj", "a2")).isFree()).isTrue();
        assertThat(locks.list(LockPath.of("prj"))).hasSize(1);
        as("u1/c1", a::free);
    }

    @Test
    void ar02_readersGoTogetherAndAWriterWaitsForAll() {
        LockRequest read = LockRequest.user(pathA).shared().keep();
        as("u1/c1", () -> locks.acquire(read));
        as("u2/c2", () -> locks.acquire(read));
        LockRequest write = LockRequest.user(pathA).keep();
        assertThat(callAs("u3/c3", () -> locks.tryAcquire(write)).isGranted()).isFalse();
        as("u1/c1", () -> locks.release(pathA));
        assertThat(callAs("u3/c3", () -> locks.tryAcquire(write)).isGranted()).isFalse();
        as("u2/c2", () -> locks.release(pathA));
        assertThat(callAs("u3/c3", () -> locks.tryAcquire(write)).isGranted()).isTrue();
        as("u3/c3", () -> locks.release(pathA));
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void ar03_aListOfPathsIsAllOrNothing() {
        LockPath one = LockPath.of("prj", "one");
        LockPath two = LockPath.of("prj", "two");
        LockPath three = LockPath.of("prj", "three");
        as("u1/c1", () -> locks.acquire(LockRequest.user(two).keep()));
        Attempt attempt = callAs("u2/c2", () -> locks.tryAcquire(LockRequest.user(one, two, three)));
        assertThat(attempt).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.path()).isEqualTo(two);
            assertThat(refused.blockingPath()).isEqualTo(two);
        });
        assertThat(locks.status(one).isFree()).isTrue();
        assertThat(locks.status(three).isFree()).isTrue();
        as("u1/c1", () -> locks.release(two));
        try (Hold all = callAs("u2/c2", () -> locks.acquire(LockRequest.user(one, two, three)))) {
            assertThat(all.paths()).containsExactly(one, two, three);
            assertThat(locks.list(LockPath.of("prj"))).hasSize(3);
        }
    }

    @Test
    void ar06_aCallThatNeedsTheCallersOwnLock() {
        assertThatThrownBy(() -> as("u1/c1", x::change))
                .isInstanceOf(LockNotHeldException.class)
                .hasMessageContaining("prj/a/x");
        as("u1/c1", () -> locks.acquire(LockRequest.user(pathX).keep()));
        as("u1/c1", x::change);
        as("u1/c1", () -> locks.requireHeld(pathX));
        assertThatThrownBy(() -> as("u2/c2", x::change)).isInstanceOf(ObjectLockedException.class);
        as("u1/c1", () -> locks.release(pathX));

        as("u1/c1", a::keepUser);
        as("u1/c1", x::change);
        as("u1/c2", x::change);
        assertThatThrownBy(() -> as("u1/c1", b::change)).isInstanceOf(LockNotHeldException.class);
        as("u1/c1", a::free);

        as("u1/c1", () -> locks.acquire(LockRequest.user(pathA).objectOnly().keep()));
        assertThatThrownBy(() -> as("u1/c1", x::change)).isInstanceOf(LockNotHeldException.class);
        as("u1/c1", a::free);

        as("u1/c1", () -> locks.acquire(LockRequest.user(pathX).shared().keep()));
        assertThatThrownBy(() -> as("u1/c1", x::change)).isInstanceOf(LockNotHeldException.class);
        as("u1/c1", x::free);

        as("u1/c1", () -> a.userCall(x::change));
    }

    @Test
    void ar07_aCallOfAnOwnerWhoKeepsTheSameLock() {
        as("u1/c1", a::keepUser);
        as("u1/c1", () -> a.userCall(() -> assertThat(locks.list(pathA)).hasSize(2)));
        assertThat(locks.list(pathA)).singleElement().satisfies(hold -> assertThat(hold.kept())
                .isTrue());
        as("u1/c1", a::free);
    }

    @Test
    void ar08_aKeepingMethodThatThrowsGivesBackWhatThisCallTook() throws Exception {
        assertThatThrownBy(() -> as("u1/c1", () -> keepAndThrow(a, new IOException("disk"))))
                .hasRootCauseInstanceOf(IOException.class);
        assertThat(locks.roots()).isEmpty();
        assertThatThrownBy(() -> as("u1/c1", () -> keepAndThrow(a, new IllegalStateException("no"))))
                .hasRootCauseInstanceOf(IllegalStateException.class);
        assertThat(locks.roots()).isEmpty();

        as("u1/c1", a::keepUser);
        HoldInfo before = locks.list(pathA).get(0);
        assertThatThrownBy(() -> as("u1/c1", () -> keepAndThrow(a, new IOException("disk"))))
                .hasRootCauseInstanceOf(IOException.class);
        assertThat(locks.list(pathA)).containsExactly(before);
        as("u1/c1", a::free);
    }

    private static void keepAndThrow(Device device, Exception failure) {
        try {
            device.keepUser(() -> {
                throw failure;
            });
        } catch (Exception thrown) {
            throw new IllegalArgumentException(thrown);
        }
    }

    @Test
    void ar09_aDryRunLocksAndReleasesNothing() {
        as("u1/c1", a::keepUser);
        boolean[] ran = {false};
        as("u2/c2", () -> a.plan(true, () -> ran[0] = true));
        assertThat(ran[0]).isTrue();
        assertThatThrownBy(() -> as("u2/c2", () -> a.plan(false, () -> {}))).isInstanceOf(LockBusyException.class);
        as("u1/c1", () -> a.free(true));
        assertThat(locks.list(pathA)).hasSize(1);

        List<HoldInfo> before = locks.list(pathA);
        assertThat(callAs("u2/c2", () -> locks.check(LockRequest.user(pathX))))
                .hasValueSatisfying(
                        refused -> assertThat(refused.blockingPath()).isEqualTo(pathA));
        assertThat(callAs("u1/c2", () -> locks.check(LockRequest.user(pathX)))).isEmpty();
        assertThat(locks.list(pathA)).isEqualTo(before);
        as("u1/c1", () -> a.free(false));
        assertThat(locks.roots()).isEmpty();
        assertThat(callAs("u2/c2", () -> locks.check(LockRequest.user(pathX)))).isEmpty();
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void ar13_anEmergencyStopIsNotStopped() {
        Instrument robot = new Instrument("robot");
        LockPath path = locks.pathOf(robot);
        as("u1/c1", () -> locks.acquire(LockRequest.user(path).keep()));
        as("u1/c1", () -> robot.setSpeed(5));
        assertThatThrownBy(() -> as("u2/c2", () -> robot.setSpeed(7))).isInstanceOf(LockBusyException.class);
        as("u2/c2", robot::stop);
        assertThat(callAs("u1/c1", robot::speed)).isZero();
        assertThatThrownBy(() -> as("u2/c2", () -> robot.setSpeed(7)))
                .as("the exemption ends with the stop")
                .isInstanceOf(LockBusyException.class);
        as("u1/c1", () -> locks.release(path));
    }

    @Test
    void ar14_aCallWaitsForARunningOneAndNotForAKeptLock() {
        CountDownLatch leave = new CountDownLatch(1);
        Running<Boolean> short1 = start("u1/c1", () -> {
            a.userCall(() -> await(() -> leave.getCount() == 0));
            return true;
        });
        await(() -> !locks.list(pathA).isEmpty());
        Running<Boolean> call = start("u2/c2", () -> {
            a.userCall(() -> {});
            return true;
        });
        awaitWaiters("prj/a", 1);
        leave.countDown();
        assertThat(call.result()).isTrue();
        assertThat(short1.result()).isTrue();

        as("u1/c1", a::keepUser);
        assertThatThrownBy(() -> as("u2/c2", () -> a.userCall(() -> {})))
                .isInstanceOf(ObjectLockedException.class)
                .hasMessageContaining("u1");
        as("u1/c1", a::free);
    }
}
