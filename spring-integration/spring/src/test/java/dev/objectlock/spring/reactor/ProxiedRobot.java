package dev.objectlock.spring.reactor;

import dev.objectlock.annotation.Guarded;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.annotation.ReleaseLock;
import dev.objectlock.annotation.ReleaseOn;
import java.util.Objects;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Behind a proxy. */
public class ProxiedRobot implements Robot {

    @Override
    @ObjectLock(path = "a", mode = LockMode.MONITOR)
    public Mono<String> move(Mono<String> work) {
        return work;
    }

    @Override
    @ObjectLock(path = "a", mode = LockMode.MONITOR, waitFor = "0s")
    public Mono<String> moveNow(Mono<String> work) {
        return work;
    }

    @Override
    @ObjectLock(path = "a", mode = LockMode.MONITOR, waitFor = "0s")
    public Flux<String> readings(Flux<String> source) {
        return source;
    }

    @Override
    @ObjectLock(path = "a", mode = LockMode.USER, keep = true)
    public Mono<String> keep(Mono<String> work) {
        return work;
    }

    @Override
    @ReleaseLock(path = "a")
    public Mono<String> release(Mono<String> work) {
        return work;
    }

    @Override
    @ReleaseLock(path = "a", on = ReleaseOn.ALWAYS)
    public Mono<String> releaseAlways(Mono<String> work) {
        return Objects.requireNonNull(work, "no work");
    }

    @Override
    @Guarded(path = "a")
    public Mono<String> look(Mono<String> work) {
        return work;
    }

    @Override
    @ObjectLock(path = "a", mode = LockMode.MONITOR)
    public <T> T inside(Supplier<T> body) {
        return body.get();
    }

    /** Marked itself. */
    @ObjectLock(path = "a", mode = LockMode.MONITOR, waitFor = "0s")
    public static class OfMarkedClass implements Marked {

        @Override
        public Mono<String> result(Mono<String> work) {
            return work;
        }

        @Override
        public Flux<String> stream(Flux<String> source) {
            return source;
        }
    }
}
