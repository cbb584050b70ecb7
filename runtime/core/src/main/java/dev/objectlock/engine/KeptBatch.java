package dev.objectlock.engine;

import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Kept holds alone, in the hands of one handle. */
final class KeptBatch extends Batch {

    private final Engine engine;
    private final Flow flow;
    private final Waiting waiting;
    private final long begun;
    private final List<Ask> granted = new ArrayList<>(2);
    private final List<Answer.Kept> kept = new ArrayList<>(2);

    KeptBatch(
            Engine engine,
            Acquisition acquisition,
            @Nullable Session session,
            Flow flow,
            List<Claim> claims,
            Waiting waiting,
            long begun) {
        super(acquisition, session, claims, Taking.deadline(begun, waiting));
        this.engine = engine;
        this.flow = flow;
        this.waiting = waiting;
        this.begun = begun;
    }

    @Override
    Ask request(List<Claim> claims) {
        return new Ask(
                flow.owner(),
                flow.series(),
                claims,
                waiting.patience(),
                flow.hasScopedHold(),
                engine.time().nanoTime());
    }

    @Override
    void granted(Ask ask, Answer.Granted answer) {
        granted.add(ask);
        kept.addAll(answer.kept());
        engine.taking().noteTakenAgain(ask, answer.kept());
    }

    @Override
    Taken taken() {
        return new KeptHandle(engine, kept, engine.wallTimeOf(begun));
    }

    @Override
    CompletionStage<Boolean> giveBack() {
        return all(granted.stream().map(ask -> engine.returns().undo(ask)));
    }
}
