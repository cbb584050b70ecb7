package dev.objectlock;

import java.time.Duration;

/**
 * An object that wants a say when a woven call gets its monitor: a device that has to be woken, a peer that has to agree.
 *
 * <p>Asked by the call that was granted a MONITOR lock, on the thread of that call, once; calls inside it that join the
 * hold do not ask again. Of an asynchronous result of one value each subscription asks, on the thread on which it goes on; the
 * subscriptions of a stream never do. No internal lock is held meanwhile, so a hook may call locked methods of the same object.
 */
public interface MonitorHooks {

    /**
     * The monitor has been granted and the body is about to run.
     *
     * @param timeLeft what is left of the time that the call was willing to wait
     * @return false to refuse: the lock is given back, and the call fails as if the monitor had been taken
     */
    boolean monitorEnter(Duration timeLeft);

    /** The body is over and the monitor is about to be given back. What this throws is logged and changes nothing. */
    void monitorExit();
}
