package dev.objectlock;

import java.util.List;

/**
 * A request would never have been granted: it waits for a flow that, perhaps over others, waits for the flow that asked.
 * The last one to wait gets this error; the others go on.
 */
public final class LockDeadlockException extends LockException {

    private static final long serialVersionUID = 1L;

    private final transient List<Link> cycle;

    /**
     * One flow of the cycle.
     *
     * @param owner the owner, with its flow
     * @param waitsFor the object it waits for
     * @param heldBy the owner, with its flow, whose scoped hold it waits for: that of the next link
     * @param held the object of that hold
     */
    public record Link(LockOwner owner, LockPath waitsFor, LockOwner heldBy, LockPath held) {}

    /**
     * Creates the error.
     *
     * @param cycle the flows, beginning with the one that asked; the last waits for the first
     */
    public LockDeadlockException(List<Link> cycle) {
        super(describe(cycle));
        this.cycle = List.copyOf(cycle);
    }

    /**
     * Returns the cycle.
     *
     * @return the flows, beginning with the one that asked; the last waits for the first
     */
    public List<Link> cycle() {
        return cycle;
    }

    private static String describe(List<Link> cycle) {
        StringBuilder text = new StringBuilder("waiting for " + cycle.get(0).waitsFor() + " would never end:");
        for (Link link : cycle) {
            text.append(' ')
                    .append(flow(link.owner()))
                    .append(" waits for ")
                    .append(link.waitsFor())
                    .append(", and ")
                    .append(flow(link.heldBy()))
                    .append(" holds ")
                    .append(link.held())
                    .append(';');
        }
        return text.append(" take the objects in one request, or always in the same order")
                .toString();
    }

    private static String flow(LockOwner owner) {
        return owner.user() == null ? owner.name() : owner.name() + " (flow " + owner.flow() + ")";
    }
}
