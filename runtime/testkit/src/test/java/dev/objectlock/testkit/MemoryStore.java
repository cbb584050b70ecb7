package dev.objectlock.testkit;

import dev.objectlock.backend.LockBackend;
import dev.objectlock.memory.MemoryLockBackend;
import dev.objectlock.test.TestTime;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** The memory backend with a time that the tests move, and as easily hurt as a store on another machine. */
final class MemoryStore implements StoreUnderTest {

    private final TestTime time = new TestTime();
    private final MemoryLockBackend backend = MemoryLockBackend.create(time, Duration.ofSeconds(30));

    @Override
    public LockBackend backend() {
        return backend;
    }

    @Override
    public void pass(Duration duration) {
        time.advance(duration);
    }

    /** It lives and dies with its process. */
    @Override
    public Set<Capability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(Capability.RESTARTS));
    }

    @Override
    public void jump(Duration by) {
        time.jump(by);
    }

    @Override
    public void forgetAll() {
        backend.forgetAll();
    }

    @Override
    public void close() {
        backend.close();
    }
}
