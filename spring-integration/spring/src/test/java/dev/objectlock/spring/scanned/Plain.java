package dev.objectlock.spring.scanned;

import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;

/** A class that is annotated, and not a bean. */
public class Plain {

    @ObjectLock(path = "thing:1", mode = LockMode.USER)
    void locked() {}
}
