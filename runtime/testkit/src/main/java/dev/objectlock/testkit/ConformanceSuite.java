package dev.objectlock.testkit;

import dev.objectlock.testkit.model.HistoryCases;
import dev.objectlock.testkit.model.TransactionHistoryCases;
import org.junit.jupiter.api.Nested;

/**
 * All cases: what passes them is a backend. Whoever writes one extends this, says how its store is opened, and has a test class that
 * grows with the rules.
 */
public abstract class ConformanceSuite {

    /** For the subclasses. */
    protected ConformanceSuite() {}

    /**
     * Opens an empty store, whose time the cases move.
     *
     * @return the store; it is closed after the case
     */
    protected abstract StoreUnderTest open();

    /**
     * Opens an empty store as an application has it, whose time goes by itself: for cases in which threads run against each other.
     *
     * @return the store; it is closed after the case
     */
    protected StoreUnderTest openAsItIs() {
        return open();
    }

    /**
     * Returns how much of what is random, or is done again and again, the normal build tries.
     *
     * @return what it takes in a few seconds
     */
    protected Amounts amounts() {
        return Amounts.IN_MEMORY;
    }

    /**
     * How much is tried.
     *
     * @param histories random histories, unless {@code objectlock.histories} says otherwise
     * @param transactions random histories of transactions, unless {@code objectlock.transactions} says otherwise
     * @param grants grants one after the other, whose fences are watched
     */
    public record Amounts(int histories, int transactions, int grants) {

        /** For a store that answers at once. */
        public static final Amounts IN_MEMORY = new Amounts(2_000, 150, 100_000);
    }

    @Nested
    class ConflictTable extends ConflictTableCases {
        @Override
        protected StoreUnderTest open() {
            return ConformanceSuite.this.open();
        }
    }

    @Nested
    class RobotRaconteur extends RobotRaconteurCases {
        @Override
        protected StoreUnderTest open() {
            return ConformanceSuite.this.open();
        }
    }

    @Nested
    class Arcor2 extends Arcor2Cases {
        @Override
        protected StoreUnderTest open() {
            return ConformanceSuite.this.open();
        }
    }

    @Nested
    class MegMutex extends MegMutexCases {
        @Override
        protected StoreUnderTest open() {
            return ConformanceSuite.this.open();
        }
    }

    @Nested
    class Rosegarden extends RosegardenCases {
        @Override
        protected StoreUnderTest open() {
            return ConformanceSuite.this.open();
        }
    }

    @Nested
    class Ldlm extends LdlmCases {
        @Override
        protected StoreUnderTest open() {
            return ConformanceSuite.this.open();
        }
    }

    @Nested
    class CrossSystem extends CrossSystemCases {
        @Override
        protected StoreUnderTest open() {
            return ConformanceSuite.this.open();
        }
    }

    @Nested
    class Line extends LineCases {
        @Override
        protected StoreUnderTest open() {
            return ConformanceSuite.this.open();
        }
    }

    @Nested
    class Exclusion extends ExclusionCases {
        @Override
        protected StoreUnderTest open() {
            return ConformanceSuite.this.openAsItIs();
        }
    }

    @Nested
    class Deadlock extends DeadlockCases {
        @Override
        protected StoreUnderTest open() {
            return ConformanceSuite.this.open();
        }
    }

    @Nested
    class Life extends LifeCases {
        @Override
        protected StoreUnderTest open() {
            return ConformanceSuite.this.open();
        }

        @Override
        protected int manyGrants() {
            return amounts().grants();
        }
    }

    @Nested
    class ProcessDeath extends ProcessDeathCases {
        @Override
        protected StoreUnderTest open() {
            return ConformanceSuite.this.open();
        }
    }

    @Nested
    class Fault extends FaultCases {
        @Override
        protected StoreUnderTest open() {
            return ConformanceSuite.this.open();
        }
    }

    @Nested
    class Undo extends UndoCases {
        @Override
        protected StoreUnderTest open() {
            return ConformanceSuite.this.open();
        }
    }

    @Nested
    class TransactionLoss extends TransactionLossCases {
        @Override
        protected StoreUnderTest open() {
            return ConformanceSuite.this.open();
        }
    }

    @Nested
    class MovedTransaction extends MovedTransactionCases {
        @Override
        protected StoreUnderTest open() {
            return ConformanceSuite.this.open();
        }
    }

    @Nested
    class HostileParticipant extends HostileParticipantCases {
        @Override
        protected StoreUnderTest open() {
            return ConformanceSuite.this.open();
        }
    }

    @Nested
    class Histories extends HistoryCases {
        @Override
        protected StoreUnderTest open() {
            return ConformanceSuite.this.open();
        }

        @Override
        protected int histories() {
            return amounts().histories();
        }
    }

    @Nested
    class TransactionHistories extends TransactionHistoryCases {
        @Override
        protected StoreUnderTest open() {
            return ConformanceSuite.this.open();
        }

        @Override
        protected int histories() {
            return amounts().transactions();
        }
    }
}
