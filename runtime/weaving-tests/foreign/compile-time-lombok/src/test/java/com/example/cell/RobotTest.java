package com.example.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.objectlock.Hold;
import dev.objectlock.LockOwner;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.test.AsUser;
import dev.objectlock.test.ObjectLocksExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ObjectLocksExtension.class)
@AsUser("alice")
class RobotTest {

    private final Robot robot = new Robot(7);
    private final List<String> locked = new ArrayList<>();

    @Test
    void gettersOfLombokMakeThePaths(ObjectLocks locks) {
        robot.moveTo(new Job(3), () -> look(locks));
        robot.put(new Job(3), () -> look(locks));
        assertEquals(List.of("cell:c7", "cell:c7/slot:3"), locked);
    }

    private void look(ObjectLocks locks) {
        Hold.current().paths().forEach(path -> {
            locked.add(path.toString());
            assertTrue(locks.callAs(LockOwner.user("bob"), () -> locks.check(LockRequest.user(path))
                    .isPresent()));
        });
    }
}
