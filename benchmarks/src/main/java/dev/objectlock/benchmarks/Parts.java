package dev.objectlock.benchmarks;

import dev.objectlock.annotation.Guarded;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;

/**
 * Parts of robot cells. The same short body under each kind of lock; woven like the code of any user. Like most that is
 * locked it returns nothing, for a number that a woven method returns is put into an object.
 */
final class Parts {

    private static final String PATH = "cell:{cell}/{part}";

    private long calls;

    void plain(String cell, String part) {
        calls++;
    }

    @ObjectLock(path = PATH, mode = LockMode.MONITOR)
    void monitor(String cell, String part) {
        calls++;
    }

    @ObjectLock(path = PATH, mode = LockMode.MONITOR)
    long monitorWithResult(String cell, String part) {
        return ++calls;
    }

    @ObjectLock(path = PATH, mode = LockMode.MONITOR)
    void monitorTwice(String cell, String part) {
        monitor(cell, part);
    }

    @ObjectLock(path = PATH, mode = LockMode.USER)
    void user(String cell, String part) {
        calls++;
    }

    @Guarded(path = PATH)
    void guarded(String cell, String part) {
        calls++;
    }

    @Guarded(path = PATH + "/arm")
    void guardedBelow(String cell, String part) {
        calls++;
    }
}
