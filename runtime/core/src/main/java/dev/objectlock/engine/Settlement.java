package dev.objectlock.engine;

import dev.objectlock.ChangedPart;
import dev.objectlock.LockLostException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.Loss;
import dev.objectlock.TransactionRolledBackException;
import dev.objectlock.UndoEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done to the parts of a transaction when it ends, and what is said of that. It decides nothing: that does the {@link
 * Transaction}, which is also who sees to it that one thing is done at a time.
 */
final class Settlement {

    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

    private final Engine engine;
    private final String name;
    private final Pieces pieces;
    private final Recorder recorder;

    /** Whether some of it could not be restored when it was idle for too long. */
    private volatile boolean inVain;

    Settlement(Engine engine, String name, Pieces pieces, Recorder recorder) {
        this.engine = engine;
        this.name = name;
        this.pieces = pieces;
        this.recorder = recorder;
    }

    /**
     * Why it cannot be committed; null if it can.
     *
     * @param failed what has failed inside, or null
     */
    @Nullable
    RuntimeException whyNot(@Nullable Loss lost, @Nullable String failed) {
        Loss why = lost != null ? lost : pieces.loss();
        if (why == null) {
            try {
                engine.heart().confirmIfSuspect();
            } catch (RuntimeException unconfirmed) {
                return unconfirmed;
            }
            why = pieces.loss();
        }
        if (why != null) {
            return lost(why);
        }
        return failed == null ? null : rolledBack(failed);
    }

    /** Notes the step, and then tells. */
    void record() {
        UndoEntry recorded = recorder.record(pieces.step(name, engine.time().now()));
        engine.transactions().tell(recorder.change(), recorded.root(), List.of(recorded));
    }

    /** It has ended without being recorded. */
    void dropped() {
        try {
            recorder.dropped();
        } catch (RuntimeException | Error failed) {
            Hostile.log(LOG, "the history does not know that the transaction \"" + name + "\" has ended", failed);
        }
    }

    /**
     * Puts back what is still held.
     *
     * @param inside who does it
     * @param failure whatever else happens is added to it
     * @return whether all is as it was
     */
    boolean restore(Binding inside, @Nullable Loss lost, Throwable failure) {
        Loss why = lost != null ? lost : pieces.loss();
        if (why == null) {
            try {
                engine.heart().confirmIfSuspect();
            } catch (RuntimeException unconfirmed) {
                LOG.error(
                        "{} is left as the transaction \"{}\" had changed it: it is not known whether the lock is still"
                                + " held",
                        pieces.parts(),
                        name,
                        unconfirmed);
                Pieces.add(failure, unconfirmed);
                return false;
            }
            why = pieces.loss();
        }
        if (why == null) {
            return inside.call(() -> pieces.restore(failure));
        }
        if (!(failure instanceof LockLostException)) {
            Pieces.add(failure, lost(why));
        }
        return false;
    }

    /**
     * It was idle for too long: restores it, gives it back, and reports the loss.
     *
     * @param inside who does it
     * @param idle why it is lost, unless it had been lost before
     * @return why it is lost
     */
    Loss expire(Binding inside, @Nullable Loss before, Loss idle) {
        TransactionRolledBackException failure = new TransactionRolledBackException("it was idle for too long");
        Loss ofOthers = before;
        try {
            inVain = before != null || !restore(inside, null, failure);
        } finally {
            ofOthers = before != null ? before : pieces.loss();
            if (ofOthers == null) {
                pieces.holds().forEach(hold -> engine.losses().lost(hold, idle));
            }
            pieces.release(failure);
        }
        Loss why = ofOthers != null ? ofOthers : idle;
        LOG.warn("{}", lost(why).getMessage());
        if (ofOthers == null) {
            engine.transactions().tellExpired(pieces.holds(), why);
        }
        return why;
    }

    LockLostException lost(Loss why) {
        ChangedPart first = pieces.parts().get(0);
        return new LockLostException(
                "the transaction \"" + name + "\" on " + first + " was lost" + whatBecame(why), first.path(), why);
    }

    private String whatBecame(Loss why) {
        if (why.reason() != Loss.Reason.IDLE) {
            return "; nothing of it is recorded or restored";
        }
        return inVain
                ? "; what it had changed could not all be restored, see the log"
                : " and what it had changed is restored";
    }

    TransactionRolledBackException rolledBack(String failed) {
        return new TransactionRolledBackException("the transaction \"" + name + "\" on " + pieces.parts()
                + " is rolled back, because part of it has failed: " + failed);
    }

    LockNotHeldException hasEnded() {
        return new LockNotHeldException("the transaction \"" + name + "\" with the id "
                + pieces.all().get(0).hold().fence() + " has ended; begin a new one");
    }
}
