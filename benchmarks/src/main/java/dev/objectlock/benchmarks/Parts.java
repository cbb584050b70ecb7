package dev.objectlock.benchmarks;

import dev.objectlock.annotation.Guarded;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;

/** Parts of robot cells. The same short body under each kind of lock; woven like the code of any user. */
final class Parts {

    private static final String PATH = "cell:{cell}/{part}";

    private long calls;

    long plain(String cell, String part) {
        return ++calls;
    }

    @ObjectLock(path = PATH, mode = LockMode.MONITOR)
    long monitor(String cell, String part) {
        return ++calls;
    }

    @ObjectLock(path = PATH, mode = LockMode.MONITOR)
    long monitorTwice(String cell, String part) {
        return monitor(cell, part);
    }

    @ObjectLock(path = PATH, mode = LockMode.USER)
    long user(String cell, String part) {
        return ++calls;
    }

    @Guarded(path = PATH)
    long guarded(String cell, String part) {
        return ++calls;
    }

    @Guarded(path = PATH + "/arm")
    long guardedBelow(String cell, String part) {
        return ++calls;
    }
}
