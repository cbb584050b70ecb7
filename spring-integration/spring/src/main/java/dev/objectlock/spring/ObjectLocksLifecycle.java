package dev.objectlock.spring;

import dev.objectlock.ObjectLocks;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.SmartLifecycle;

/**
 * Makes the engine of a context the one that woven calls use, as long as the context is active. It comes first and goes
 * last, and a context that is paused, as those of tests are, is not in the way of others.
 */
final class ObjectLocksLifecycle implements SmartLifecycle, InitializingBean {

    private final ObjectLocks locks;
    private volatile boolean running;

    ObjectLocksLifecycle(ObjectLocks locks) {
        this.locks = locks;
    }

    /** Other beans may make woven calls while they are being made. */
    @Override
    public void afterPropertiesSet() {
        ObjectLocks.install(locks);
    }

    @Override
    public void start() {
        ObjectLocks.install(locks);
        running = true;
    }

    @Override
    public void stop() {
        ObjectLocks.uninstall(locks);
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }
}
