package dev.objectlock.examples.jobslots.jobs;

import dev.objectlock.Hold;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.annotation.OnLost;

/** An expensive thing that 20 may use at a time, in whatever process they are. */
public final class RenderFarm {

    /** How many may use it. */
    public static final int SLOTS = 20;

    /** Where its slots are counted. */
    public static final String PATH = "pool:render/slots";

    /** What somebody does with a slot. */
    @FunctionalInterface
    public interface Use {

        /** Uses the slot. {@code slot} is its fence; whoever is interrupted has lost it. */
        void with(long slot) throws InterruptedException;
    }

    /** Waits for a slot, uses it, and stops using it as soon as it is known to be lost. */
    @ObjectLock(path = PATH, mode = LockMode.MONITOR, slots = SLOTS, waitFor = "5m", onLost = OnLost.INTERRUPT)
    public void render(Use use) throws InterruptedException {
        use.with(Hold.current().fence());
    }
}
