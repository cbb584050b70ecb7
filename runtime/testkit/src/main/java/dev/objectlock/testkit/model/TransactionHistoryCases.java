package dev.objectlock.testkit.model;

import dev.objectlock.testkit.BackendCases;
import org.junit.jupiter.api.Test;

/**
 * Random transactions of several threads at once: on overlapping extents, in each other, with bodies that fail, stall, are taken
 * away in the middle, with undos and redos. The objects themselves see who comes in, writes or puts something back who must not;
 * the history is compared with a model that shares no code with the library; and in the end everything is undone, and redone.
 *
 * <p>System properties: {@code objectlock.transactions} is how many histories, {@code objectlock.seed} with which seed to begin,
 * {@code objectlock.times} how often each. A failure names the seed of its history, and shows what happened in it. The same seed
 * has everybody do the same, but not at the same moment: so it may take more than one time to see it again.
 */
public abstract class TransactionHistoryCases extends BackendCases {

    /** So many that the normal build takes a few seconds for them. */
    /** For the subclasses. */
    protected TransactionHistoryCases() {}

    /**
     * Returns how many histories are tried unless the system property says otherwise.
     *
     * @return so many that the normal build takes a few seconds for them
     */
    protected abstract int histories();

    @Test
    void randomTransactionsAtOnceKeepTheirPromises() {
        int histories = Integer.getInteger("objectlock.transactions", histories());
        int times = Integer.getInteger("objectlock.times", 1);
        long seed = Long.getLong("objectlock.seed", 1);
        for (int i = 0; i < histories; i++) {
            for (int time = 0; time < times; time++) {
                try (TransactionHistory history = new TransactionHistory(seed + i, open())) {
                    String failure = history.failure();
                    if (failure != null) {
                        throw new AssertionError("history " + (i + 1) + " of the run with seed " + seed
                                + " fails; again with -Dobjectlock.seed=" + (seed + i)
                                + " -Dobjectlock.transactions=1 -Dobjectlock.times=1000\n" + failure);
                    }
                }
            }
        }
    }
}
