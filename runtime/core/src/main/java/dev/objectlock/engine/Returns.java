package dev.objectlock.engine;

import dev.objectlock.LockBackendException;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.HoldRef;
import dev.objectlock.backend.JoinedProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is given back to a store. What nobody has any more is given back until the store takes it: as long as this process
 * lives, the store would keep it alive.
 */
final class Returns {

    private static final Logger LOG = LoggerFactory.getLogger(Returns.class);

    /** When the store could not take it back. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Engine engine;

    Returns(Engine engine) {
        this.engine = engine;
    }

    /** Gives the scoped holds of a request back. If the store fails, that is told, and they are given back later. */
    void giveBack(ScopedHold hold) {
        engine.losses().ended(hold);
        if (hold.membership().over() != null) {
            // Everything of it has ended in the store, or ends when that answers.
            return;
        }
        try {
            engine.await(Resend.once(() -> hold.membership().process().giveBack((Ask) hold)));
        } catch (RuntimeException failed) {
            // What it took to keep stays: its call was granted that, and has ended.
            later(hold, process -> process.giveBack((Ask) hold));
            throw failed instanceof LockBackendException cause
                    ? engine.outage()
                            .later(
                                    "giving " + hold.paths() + " back for "
                                            + hold.owner().name(),
                                    cause)
                    : failed;
        }
    }

    /**
     * Makes a request undone of which nobody has anything.
     *
     * @return true when it is done; false, if the store fails, when it is certain that it will be done later. Never fails
     */
    CompletionStage<Boolean> undo(Ask ask) {
        return send(process -> process.undo(ask)).handle((done, failure) -> {
            if (failure != null) {
                LOG.warn(
                        "{}: a request of {} for {} could not be undone; trying again until it is",
                        engine,
                        ask.owner().name(),
                        ask.claims(),
                        failure);
                later(ask, process -> process.undo(ask));
            }
            return failure == null;
        });
    }

    /** Gives back what a request of which nobody has anything took to keep; returns whether it is done, and never fails. */
    CompletionStage<Boolean> undoKept(List<Answer.Kept> kept) {
        List<HoldRef> created = created(kept);
        if (created.isEmpty()) {
            return CompletableFuture.completedFuture(true);
        }
        return Resend.once(() -> engine.process().giveBack(created)).handle((there, failure) -> {
            if (failure != null) {
                LOG.warn("{}: {} could not be given back", engine, created, failure);
            }
            return failure == null;
        });
    }

    private void later(Ask ask, Function<JoinedProcess, CompletionStage<Void>> request) {
        engine.time().schedule(AGAIN, () -> again(ask, request));
    }

    private void again(Ask ask, Function<JoinedProcess, CompletionStage<Void>> request) {
        // When the engine is closed, its process leaves the store with all it has.
        if (!engine.isClosed()) {
            send(request).whenComplete((done, failure) -> {
                if (failure != null) {
                    LOG.debug("{}: {} could not be given back yet", engine, ask.claims(), failure);
                    later(ask, request);
                }
            });
        }
    }

    /** As what the store knows this process by now: what it kept before may have outlived that. */
    private CompletionStage<Void> send(Function<JoinedProcess, CompletionStage<Void>> request) {
        return Resend.once(() -> request.apply(engine.process()));
    }

    /** Gives kept holds back, in whatever trees they are; returns how many were there. */
    int giveBack(List<HoldRef> holds) {
        if (holds.isEmpty()) {
            return 0;
        }
        String root = holds.get(0).path().rootName();
        if (holds.stream().allMatch(hold -> hold.path().rootName().equals(root))) {
            return sendBack(holds);
        }
        int there = 0;
        for (List<HoldRef> ofTree : holds.stream()
                .collect(Collectors.groupingBy(hold -> hold.path().rootName()))
                .values()) {
            there += sendBack(ofTree);
        }
        return there;
    }

    private int sendBack(List<HoldRef> ofTree) {
        return engine.ask(
                () -> "giving back the kept locks on "
                        + ofTree.stream().map(HoldRef::path).distinct().toList(),
                process -> Resend.once(() -> process.giveBack(ofTree)));
    }

    /** Gives back what a request took to keep; what was there before stays. */
    void giveBackCreated(List<Answer.Kept> kept) {
        giveBack(created(kept));
    }

    private static List<HoldRef> created(List<Answer.Kept> kept) {
        return kept.stream().filter(Answer.Kept::created).map(Answer.Kept::ref).toList();
    }
}
