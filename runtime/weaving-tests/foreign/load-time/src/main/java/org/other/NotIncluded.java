package org.other;

import dev.objectlock.Hold;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;

/** In a package that aop.xml does not include. */
public class NotIncluded {

    @ObjectLock(path = "thing:1", mode = LockMode.USER)
    public boolean isLocked() {
        return Hold.find().isPresent();
    }
}
