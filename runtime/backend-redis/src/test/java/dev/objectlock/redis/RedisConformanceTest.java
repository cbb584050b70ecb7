package dev.objectlock.redis;

import dev.objectlock.testkit.Arcor2Cases;
import dev.objectlock.testkit.ConflictTableCases;
import dev.objectlock.testkit.CrossSystemCases;
import dev.objectlock.testkit.DeadlockCases;
import dev.objectlock.testkit.ExclusionCases;
import dev.objectlock.testkit.FaultCases;
import dev.objectlock.testkit.HostileParticipantCases;
import dev.objectlock.testkit.LdlmCases;
import dev.objectlock.testkit.LifeCases;
import dev.objectlock.testkit.MegMutexCases;
import dev.objectlock.testkit.MovedTransactionCases;
import dev.objectlock.testkit.RobotRaconteurCases;
import dev.objectlock.testkit.RosegardenCases;
import dev.objectlock.testkit.StoreUnderTest;
import dev.objectlock.testkit.TransactionLossCases;
import dev.objectlock.testkit.UndoCases;
import dev.objectlock.testkit.model.HistoryCases;
import dev.objectlock.testkit.model.TransactionHistoryCases;
import org.junit.jupiter.api.Nested;

/** The Redis backend passes all cases, on a real server. */
class RedisConformanceTest {

    /** Where the store is. */
    RedisStore.Where where() {
        return RedisStore.Where.SERVER;
    }

    /** So many random histories that the build takes a few seconds for them. */
    int histories() {
        return 40;
    }

    private StoreUnderTest open() {
        return RedisStore.settled(where());
    }

    @Nested
    class ConflictTable extends ConflictTableCases {
        @Override
        protected StoreUnderTest open() {
            return RedisConformanceTest.this.open();
        }
    }

    @Nested
    class RobotRaconteur extends RobotRaconteurCases {
        @Override
        protected StoreUnderTest open() {
            return RedisConformanceTest.this.open();
        }
    }

    @Nested
    class Arcor2 extends Arcor2Cases {
        @Override
        protected StoreUnderTest open() {
            return RedisConformanceTest.this.open();
        }
    }

    @Nested
    class MegMutex extends MegMutexCases {
        @Override
        protected StoreUnderTest open() {
            return RedisConformanceTest.this.open();
        }
    }

    @Nested
    class CrossSystem extends CrossSystemCases {
        @Override
        protected StoreUnderTest open() {
            return RedisConformanceTest.this.open();
        }
    }

    @Nested
    class Exclusion extends ExclusionCases {
        @Override
        protected StoreUnderTest open() {
            return RedisStore.asItIs(where());
        }
    }

    @Nested
    class Rosegarden extends RosegardenCases {
        @Override
        protected StoreUnderTest open() {
            return RedisConformanceTest.this.open();
        }
    }

    @Nested
    class TransactionLoss extends TransactionLossCases {
        @Override
        protected StoreUnderTest open() {
            return RedisConformanceTest.this.open();
        }
    }

    @Nested
    class MovedTransaction extends MovedTransactionCases {
        @Override
        protected StoreUnderTest open() {
            return RedisConformanceTest.this.open();
        }
    }

    @Nested
    class HostileParticipant extends HostileParticipantCases {
        @Override
        protected StoreUnderTest open() {
            return RedisConformanceTest.this.open();
        }
    }

    @Nested
    class Ldlm extends LdlmCases {
        @Override
        protected StoreUnderTest open() {
            return RedisConformanceTest.this.open();
        }
    }

    @Nested
    class Deadlock extends DeadlockCases {
        @Override
        protected StoreUnderTest open() {
            return RedisConformanceTest.this.open();
        }
    }

    @Nested
    class Fault extends FaultCases {
        @Override
        protected StoreUnderTest open() {
            return RedisConformanceTest.this.open();
        }
    }

    @Nested
    class Life extends LifeCases {
        /** {@link FencesTest} watches a hundred thousand, without waiting for each. */
        @Override
        protected int manyGrants() {
            return 2_000;
        }

        @Override
        protected StoreUnderTest open() {
            return RedisConformanceTest.this.open();
        }
    }

    @Nested
    class Undo extends UndoCases {
        @Override
        protected StoreUnderTest open() {
            return RedisConformanceTest.this.open();
        }
    }

    @Nested
    class Histories extends HistoryCases {
        @Override
        protected int histories() {
            return RedisConformanceTest.this.histories();
        }

        @Override
        protected StoreUnderTest open() {
            return RedisConformanceTest.this.open();
        }
    }

    @Nested
    class TransactionHistories extends TransactionHistoryCases {
        @Override
        protected int histories() {
            return RedisConformanceTest.this.histories() / 4;
        }

        @Override
        protected StoreUnderTest open() {
            return RedisConformanceTest.this.open();
        }
    }
}
