package dev.objectlock.redis.faults;

import dev.objectlock.backend.LockBackend;
import dev.objectlock.memory.MemoryLockBackend;
import dev.objectlock.redis.RedisLockBackend;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;

/** How a worker uses the store: as it should, or with a planted fault that the run must find. */
enum Store {
    /** As an application does. */
    REDIS,
    /** Now and then a request is granted without asking the store. */
    GRANTS_BY_ITSELF,
    /** Nobody is told when a process was dead for the store, and its holds were lost. */
    HIDES_LOSSES,
    /** There is no store that the workers share. */
    MEMORY;

    /** What is to be closed in the end, the backend first. */
    record Opened(LockBackend backend, Runnable close) {}

    Opened open(WorkerSetup setup) {
        if (this == MEMORY) {
            LockBackend memory = MemoryLockBackend.create();
            return new Opened(memory, memory::close);
        }
        RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", setup.storePort()));
        RedisLockBackend redis = RedisLockBackend.builder(client)
                .processTimeout(setup.processTimeout())
                .replyTimeout(setup.replyTimeout())
                .build();
        return new Opened(this == REDIS ? redis : new LyingBackend(redis, this), () -> {
            redis.close();
            client.shutdown();
        });
    }
}
