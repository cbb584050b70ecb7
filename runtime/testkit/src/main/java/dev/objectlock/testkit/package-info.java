/**
 * What a backend must do, as tests: for whoever writes one.
 *
 * <p>Extend each of the {@code …Cases} classes and say which store to test; see {@link
 * dev.objectlock.testkit.BackendCases}. The cases go through the public API, many of them also through woven methods.
 * Ids such as {@code RR-03} name behaviours that the library took over from other systems.
 */
@org.jspecify.annotations.NullMarked
package dev.objectlock.testkit;
