package dev.objectlock.engine;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockOwner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** The flows of one engine as they begin: each with a name of its own, or one that was given to it. Thread-safe. */
final class Flows {

    private final Engine engine;
    private final AtomicLong begun = new AtomicLong();
    private final ConcurrentMap<LockOwner, Named> named = new ConcurrentHashMap<>();

    /** A flow with a name, as long as somebody is in it. */
    private record Named(Flow flow, int entered) {}

    Flows(Engine engine) {
        this.engine = engine;
    }

    Flow begin(LockOwner owner) {
        String id = uniqueName();
        return new Flow(owner.inFlow(id), id);
    }

    private String uniqueName() {
        return engine.processId() + "-" + Long.toString(begun.incrementAndGet(), 36);
    }

    /** Enters the flow of a name, which is the same for all who are in it at one time. */
    Flow enter(LockOwner entered, String name) {
        if (name.isBlank()) {
            throw new LockConfigurationException("the name of a flow must not be blank");
        }
        LockOwner owner = entered.inFlow("~" + name);
        return named.compute(
                        owner,
                        (key, known) -> known == null
                                ? new Named(new Flow(owner, uniqueName()), 1)
                                : new Named(known.flow, known.entered + 1))
                .flow;
    }

    void leave(Flow flow) {
        named.computeIfPresent(
                flow.owner(), (key, known) -> known.entered == 1 ? null : new Named(known.flow, known.entered - 1));
    }
}
