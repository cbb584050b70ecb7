package dev.objectlock.redis;

import dev.objectlock.testkit.ConformanceSuite;
import dev.objectlock.testkit.StoreUnderTest;

/** The Redis backend passes all cases, on a real server. */
class RedisConformanceTest extends ConformanceSuite {

    /** Where the store is. */
    RedisStore.Where where() {
        return RedisStore.Where.SERVER;
    }

    @Override
    protected StoreUnderTest open() {
        return RedisStore.settled(where());
    }

    @Override
    protected StoreUnderTest openAsItIs() {
        return RedisStore.asItIs(where());
    }

    /** {@link FencesTest} watches a hundred thousand fences, without waiting for each. */
    @Override
    protected Amounts amounts() {
        return new Amounts(40, 10, 2_000);
    }
}
