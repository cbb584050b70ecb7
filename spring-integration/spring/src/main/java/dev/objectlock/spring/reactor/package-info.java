/** Locks that last as long as a {@code Mono} or a {@code Flux}; see {@link dev.objectlock.spring.reactor.ReactorResults}. */
@org.jspecify.annotations.NullMarked
package dev.objectlock.spring.reactor;
