package dev.objectlock.testkit.model;

import dev.objectlock.testkit.StoreUnderTest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Operations, one after the other.
 *
 * @param operations what is done
 */
record History(List<Operation> operations) {

    /** All objects: one begins with the name of another, and some are named as the ones above. */
    static final List<String> PATHS = List.of("r", "r/a", "r/a/a", "r/a/b", "r/ab", "s", "s/a");

    History {
        operations = List.copyOf(operations);
    }

    /**
     * Does it in the model and in a store, and compares after each step.
     *
     * @param under an empty store, which is closed afterwards
     * @return what is wrong, and after which operation; null if nothing is
     */
    @Nullable
    String failureOn(StoreUnderTest under) {
        try (Store store = new Store(under)) {
            Model model = new Model();
            Comparison comparison =
                    new Comparison(model, store, under.backend().time().now());
            String done = "the beginning";
            try {
                for (Operation operation : operations) {
                    done = operation.toString();
                    // So that no two things are ever due at the same time.
                    model.pass(1);
                    store.pass(1);
                    step(operation, model, store, comparison);
                }
                done = "the end of all";
                Comparison.same("what is left", List.of(), store.endAll(PATHS));
                return null;
            } catch (RuntimeException | AssertionError failure) {
                return "after " + done + ": " + describe(failure);
            }
        }
    }

    private static void step(Operation operation, Model model, Store store, Comparison comparison) {
        Outcome expected = operation.on(model);
        String difference = expected == Outcome.SKIPPED ? null : expected.differenceTo(operation.on(store));
        if (difference != null) {
            throw new AssertionError(difference);
        }
        // First, since what the store does not know to be decided will never be told.
        comparison.compare(PATHS);
        for (Map.Entry<String, Outcome> decided : model.takeDecided().entrySet()) {
            String wrong = decided.getValue().differenceTo(store.decided(decided.getKey()));
            if (wrong != null) {
                throw new AssertionError(decided.getKey() + " was decided: " + wrong);
            }
        }
        for (ModelRequest waiter : model.table.line) {
            if (!store.isWaiting(waiter.id)) {
                throw new AssertionError(waiter.id + " should wait, but was decided: " + store.decided(waiter.id));
            }
        }
    }

    private static String describe(Throwable failure) {
        if (failure instanceof AssertionError && failure.getCause() == null) {
            return String.valueOf(failure.getMessage());
        }
        StringBuilder text = new StringBuilder(failure.toString());
        for (StackTraceElement frame : failure.getStackTrace()) {
            text.append("\n      at ").append(frame);
        }
        return text.toString();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        operations.forEach(operation -> text.append("    ").append(operation).append('\n'));
        return text.toString();
    }
}
