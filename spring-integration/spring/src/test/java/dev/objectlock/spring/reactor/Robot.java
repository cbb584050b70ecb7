package dev.objectlock.spring.reactor;

import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Methods with locks on {@code a} that return what they are given. Its classes say which, in the same way. */
public interface Robot {

    /** MONITOR, waits as long as monitors do. */
    Mono<String> move(Mono<String> work);

    /** MONITOR, waits not at all. */
    Mono<String> moveNow(Mono<String> work);

    /** MONITOR, waits not at all. */
    Flux<String> readings(Flux<String> source);

    /** USER, kept. */
    Mono<String> keep(Mono<String> work);

    /** Gives back. */
    Mono<String> release(Mono<String> work);

    /** Gives back, however it ends; it throws where there is no work. */
    Mono<String> releaseAlways(Mono<String> work);

    /** Guarded. */
    Mono<String> look(Mono<String> work);

    /** MONITOR, for the call itself. */
    <T> T inside(Supplier<T> body);

    /** A class with a MONITOR that waits not at all. */
    interface Marked {

        Mono<String> result(Mono<String> work);

        Flux<String> stream(Flux<String> source);
    }
}
