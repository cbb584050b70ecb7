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
    private final boolean own;
    private volatile boolean running;

    /**
     * Creates the life of an engine in a context.
     *
     * @param own false for the engine of a context above, which has its own life
     */
    ObjectLocksLifecycle(ObjectLocks locks, boolean own) {
        this.locks = locks;
        this.own = own;
    }

    /** Other beans may make woven calls while they are being made. */
    @Override
    public void afterPropertiesSet() {
        if (own) {
            ObjectLocks.install(locks);
        }
    }

    @Override
    public void start() {
        if (own) {
            ObjectLocks.install(locks);
        }
        running = true;
    }

    @Override
    public void stop() {
        if (own) {
            ObjectLocks.uninstall(locks);
        }
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
