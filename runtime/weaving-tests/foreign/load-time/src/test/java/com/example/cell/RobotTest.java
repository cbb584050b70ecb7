package com.example.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.test.AsUser;
import dev.objectlock.test.ObjectLocksExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.other.NotIncluded;

@ExtendWith(ObjectLocksExtension.class)
@AsUser("alice")
class RobotTest {

    @Test
    void aPrivateMethodKeepsOthersOut(ObjectLocks locks) {
        LockRequest robot = LockRequest.user(LockPath.of("cell:7", "robot"));
        List<Boolean> bobIsRefused = new ArrayList<>();
        new Robot()
                .work(
                        "7",
                        () -> bobIsRefused.add(locks.callAs(
                                LockOwner.user("bob"), () -> locks.check(robot).isPresent())));
        assertEquals(List.of(true), bobIsRefused);
        assertTrue(locks.check(robot).isEmpty());
    }

    @Test
    void whatIsNotIncludedIsNotWoven() {
        assertFalse(new NotIncluded().isLocked());
    }
}
