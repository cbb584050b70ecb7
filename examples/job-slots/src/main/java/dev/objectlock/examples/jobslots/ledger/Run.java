package dev.objectlock.examples.jobslots.ledger;

/** One run of a task: who, and under which fences of the task and of the slot. */
public record Run(String worker, String task, long fence, long slot) {

    @Override
    public String toString() {
        return worker + "'s run of " + task + " (fence " + fence + ")";
    }
}
