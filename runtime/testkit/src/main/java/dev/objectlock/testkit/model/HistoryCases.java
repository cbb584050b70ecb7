package dev.objectlock.testkit.model;

import dev.objectlock.testkit.BackendCases;
import org.junit.jupiter.api.Test;

/**
 * Random histories: each is done by the store under test, through the public API, and by a naive model of the rules that
 * shares no code with the library. After each operation both must have the same holds, the same line of waiters, and the
 * same answer.
 *
 * <p>System properties: {@code objectlock.histories} is how many, {@code objectlock.seed} with which seed to begin. A failure
 * names the seed of its history, with which it is the first, and shows a history that fails with as few operations as
 * could be found.
 */
public abstract class HistoryCases extends BackendCases {

    /** So many that the normal build takes a few seconds for them. */
    /** For the subclasses. */
    protected HistoryCases() {}

    /**
     * Returns how many histories are tried unless the system property says otherwise.
     *
     * @return so many that the normal build takes a few seconds for them
     */
    protected abstract int histories();

    @Test
    void randomHistoriesGoAsTheModelSays() {
        int histories = Integer.getInteger("objectlock.histories", histories());
        long seed = Long.getLong("objectlock.seed", 1);
        for (int i = 0; i < histories; i++) {
            History history = Generator.history(seed + i);
            if (history.failureOn(open()) != null) {
                throw new AssertionError(report(history, seed, i));
            }
        }
    }

    private String report(History history, long seed, int number) {
        History shrunk = new Shrinker(smaller -> smaller.failureOn(open()) != null).shrink(history);
        return "history " + (number + 1) + " of the run with seed " + seed + " fails; again with -Dobjectlock.seed="
                + (seed + number) + " -Dobjectlock.histories=1\n" + shrunk + shrunk.failureOn(open());
    }
}
