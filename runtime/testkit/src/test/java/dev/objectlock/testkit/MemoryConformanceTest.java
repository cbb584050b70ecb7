package dev.objectlock.testkit;

import dev.objectlock.testkit.model.HistoryCases;
import dev.objectlock.testkit.model.TransactionHistoryCases;
import org.junit.jupiter.api.Nested;

/** The memory backend passes all cases. */
class MemoryConformanceTest {

    @Nested
    class ConflictTable extends ConflictTableCases {
        @Override
        protected StoreUnderTest open() {
            return new MemoryStore();
        }
    }

    @Nested
    class RobotRaconteur extends RobotRaconteurCases {
        @Override
        protected StoreUnderTest open() {
            return new MemoryStore();
        }
    }

    @Nested
    class Arcor2 extends Arcor2Cases {
        @Override
        protected StoreUnderTest open() {
            return new MemoryStore();
        }
    }

    @Nested
    class MegMutex extends MegMutexCases {
        @Override
        protected StoreUnderTest open() {
            return new MemoryStore();
        }
    }

    @Nested
    class CrossSystem extends CrossSystemCases {
        @Override
        protected StoreUnderTest open() {
            return new MemoryStore();
        }
    }

    @Nested
    class Exclusion extends ExclusionCases {
        @Override
        protected StoreUnderTest open() {
            return new MemoryStore();
        }
    }

    @Nested
    class Rosegarden extends RosegardenCases {
        @Override
        protected StoreUnderTest open() {
            return new MemoryStore();
        }
    }

    @Nested
    class TransactionLoss extends TransactionLossCases {
        @Override
        protected StoreUnderTest open() {
            return new MemoryStore();
        }
    }

    @Nested
    class MovedTransaction extends MovedTransactionCases {
        @Override
        protected StoreUnderTest open() {
            return new MemoryStore();
        }
    }

    @Nested
    class HostileParticipant extends HostileParticipantCases {
        @Override
        protected StoreUnderTest open() {
            return new MemoryStore();
        }
    }

    @Nested
    class Ldlm extends LdlmCases {
        @Override
        protected StoreUnderTest open() {
            return new MemoryStore();
        }
    }

    @Nested
    class Deadlock extends DeadlockCases {
        @Override
        protected StoreUnderTest open() {
            return new MemoryStore();
        }
    }

    @Nested
    class Fault extends FaultCases {
        @Override
        protected StoreUnderTest open() {
            return new MemoryStore();
        }
    }

    @Nested
    class Life extends LifeCases {
        @Override
        protected StoreUnderTest open() {
            return new MemoryStore();
        }
    }

    @Nested
    class Undo extends UndoCases {
        @Override
        protected StoreUnderTest open() {
            return new MemoryStore();
        }
    }

    @Nested
    class Histories extends HistoryCases {
        @Override
        protected StoreUnderTest open() {
            return new MemoryStore();
        }
    }

    @Nested
    class TransactionHistories extends TransactionHistoryCases {
        @Override
        protected StoreUnderTest open() {
            return new MemoryStore();
        }
    }
}
