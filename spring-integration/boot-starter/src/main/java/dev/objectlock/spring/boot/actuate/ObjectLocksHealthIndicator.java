package dev.objectlock.spring.boot.actuate;

import dev.objectlock.LockPath;
import dev.objectlock.ObjectLocks;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Asks the store about one object that nobody locks: one round trip, whatever is held. Names the backend either way. */
final class ObjectLocksHealthIndicator extends AbstractHealthIndicator {

    private static final LockPath NOBODYS = LockPath.of("objectlock:health");

    private final ObjectLocks locks;

    ObjectLocksHealthIndicator(ObjectLocks locks) {
        super("the store of the locks does not answer");
        this.locks = locks;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        health.withDetail("backend", locks.backendName());
        locks.status(NOBODYS);
        health.up();
    }
}
