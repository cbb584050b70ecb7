/**
 * What a backend must do, as tests: for whoever writes one.
 *
 * <p>Extend {@link dev.objectlock.testkit.ConformanceSuite} and say how your store is opened. {@link
 * dev.objectlock.testkit.FaultyBackend} brings the faults of a network before any backend. The cases go through the public API, many of them also through woven methods.
 * Ids such as {@code RR-03} name behaviours that the library took over from other systems.
 */
@org.jspecify.annotations.NullMarked
package dev.objectlock.testkit;
