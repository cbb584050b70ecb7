package dev.objectlock.weave;

import dev.objectlock.LockObserver;
import dev.objectlock.LockObserver.Observed;
import dev.objectlock.LockObserver.ObservedCall;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call as an observer sees it. An observer that throws harms nobody. */
final class Observation {

    private static final Logger LOG = LoggerFactory.getLogger(Observation.class);

    private final Observed observed;

    private Observation(Observed observed) {
        this.observed = observed;
    }

    /** A call asks for its locks. */
    static @Nullable Observation begin(LockObserver observer, ObservedCall call) {
        try {
            return new Observation(observer.asks(call));
        } catch (RuntimeException | Error failed) {
            warn(failed);
            return null;
        }
    }

    void granted(boolean joined) {
        try {
            observed.granted(joined);
        } catch (RuntimeException | Error failed) {
            warn(failed);
        }
    }

    void proceeded() {
        try {
            observed.proceeded();
        } catch (RuntimeException | Error failed) {
            warn(failed);
        }
    }

    void refused(RuntimeException why) {
        try {
            observed.refused(why);
        } catch (RuntimeException | Error failed) {
            warn(failed);
        }
    }

    void ended(@Nullable Throwable failure) {
        try {
            observed.ended(failure);
        } catch (RuntimeException | Error failed) {
            warn(failed);
        }
    }

    private static void warn(Throwable failed) {
        LOG.warn("a LockObserver failed; the call goes on", failed);
    }
}
