package dev.objectlock.engine;

import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A scoped hold for each tree, the first of which has the others. */
final class ScopedBatch extends Batch {

    private final Taking taking;
    private final Flow flow;
    private final Waiting waiting;
    private final List<ScopedHold> held = new ArrayList<>(2);

    ScopedBatch(
            Taking taking,
            Acquisition acquisition,
            @Nullable Session session,
            Flow flow,
            List<Claim> claims,
            Waiting waiting,
            long deadline) {
        super(acquisition, session, claims, deadline);
        this.taking = taking;
        this.flow = flow;
        this.waiting = waiting;
    }

    @Override
    Ask request(List<Claim> claims) {
        return taking.request(flow, claims, waiting);
    }

    @Override
    void granted(Ask ask, Answer.Granted granted) {
        ScopedHold hold = (ScopedHold) ask;
        held.add(hold);
        taking.granted(hold, granted);
    }

    @Override
    Taken taken() {
        ScopedHold first = held.get(0);
        if (held.size() > 1) {
            first.with(List.copyOf(held.subList(1, held.size())));
        }
        return first;
    }

    @Override
    CompletionStage<Boolean> giveBack() {
        return all(held.stream().map(hold -> hold.undo()));
    }
}
