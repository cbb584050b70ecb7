package dev.objectlock.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and logs the work that is done without locks. */
public final class Unlocked {

    private static final Logger LOG = LoggerFactory.getLogger(Unlocked.class);

    /** Reasons are few and fixed; should somebody make them up, only the first are told apart. */
    private static final int MOST_REASONS = 1_000;

    private static final LongAdder COUNT = new LongAdder();
    private static final Set<String> REASONS = ConcurrentHashMap.newKeySet();

    private Unlocked() {}

    /** Says it once for each reason, and each time to whoever wants to know. */
    static void begins(String reason) {
        COUNT.increment();
        if (REASONS.size() < MOST_REASONS && REASONS.add(reason)) {
            LOG.info("work runs without locks: {}", reason);
        } else {
            LOG.debug("work runs without locks: {}", reason);
        }
    }

    /**
     * Returns how often work was run without locks in this JVM.
     *
     * @return the number of bodies that have begun
     */
    public static long count() {
        return COUNT.sum();
    }
}
