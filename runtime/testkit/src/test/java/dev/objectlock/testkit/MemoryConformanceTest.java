package dev.objectlock.testkit;

/** The memory backend passes all cases. */
class MemoryConformanceTest extends ConformanceSuite {

    @Override
    protected StoreUnderTest open() {
        return new MemoryStore();
    }
}
