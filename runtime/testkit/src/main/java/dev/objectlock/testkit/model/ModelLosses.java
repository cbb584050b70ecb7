package dev.objectlock.testkit.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Lost kept holds of which their owners have not been told, in each engine. */
final class ModelLosses {

    private static final class Lost {
        final String engine;
        final ModelHold hold;
        Part part;

        Lost(String engine, ModelHold hold) {
            this.engine = engine;
            this.hold = hold;
            this.part = hold.part;
        }
    }

    private final List<Lost> untold = new ArrayList<>();
    private final Set<String> engines = new TreeSet<>(Set.of(Actor.FIRST, Actor.SECOND));

    void closed(String engine) {
        engines.remove(engine);
        untold.removeIf(lost -> lost.engine.equals(engine));
    }

    void lost(ModelHold hold) {
        engines.forEach(engine -> untold.add(new Lost(engine, hold)));
    }

    /** Tells an owner all that matters for what it is about to do; returns how much that was. */
    int tell(Actor actor, List<Part> parts) {
        int before = untold.size();
        untold.removeIf(lost -> lost.engine.equals(actor.engine())
                && lost.hold.belongsTo(actor)
                && parts.stream().anyMatch(part -> lost.part.coversObject(part.path())));
        return before - untold.size();
    }

    /** A call ended that relied on a hold, and learned of its loss. */
    void told(Actor actor, ModelHold hold) {
        untold.removeIf(lost -> lost.engine.equals(actor.engine()) && lost.hold == hold);
    }

    /** The owner has it again. */
    void takenAgain(Actor actor, ModelHold again) {
        untold.removeIf(lost -> lost.engine.equals(actor.engine())
                && lost.hold.belongsTo(actor)
                && lost.part.path().equals(again.part.path())
                && lost.part.mode() == again.part.mode()
                && lost.hold.fence < again.fence);
    }

    /** Whether an owner that wants to release an object has lost it; it is told by that. */
    boolean wereLost(Actor actor, String path) {
        return untold.removeIf(lost -> lost.engine.equals(actor.engine())
                && lost.hold.belongsTo(actor)
                && lost.part.path().equals(path));
    }

    void moved(String from, String to) {
        for (Lost lost : untold) {
            if (lost.part.isUnder(from)) {
                lost.part = lost.part.at(Part.moved(lost.part.path(), from, to));
            }
        }
    }
}
